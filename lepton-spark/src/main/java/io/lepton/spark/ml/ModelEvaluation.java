package io.lepton.spark.ml;

import io.lepton.spark.Columns;
import io.lepton.spark.config.EvaluationSection;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.evaluation.EvaluationOptions;
import io.lepton.spark.evaluation.EvaluationReport;
import io.lepton.spark.ingest.SchemaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Scores rows once and measures what that is worth, label by label.
 *
 * @param how it is done
 * @param data labels and the weight of examples; inputs are the model's own
 */
public record ModelEvaluation(EvaluationSection how, DataSpec data) {
  private static final String ROW = "row of the data";

  /**
   * Evaluates a model.
   *
   * @param rows with the columns of the model's inputs and the labels; none of them may be one that
   *     no model can score
   * @return a report of each label, by name
   * @throws SchemaException if columns are missing or the model is not one of these labels
   * @throws io.lepton.spark.ingest.DataException if rows break rules
   */
  public Map<String, EvaluationReport> evaluate(LeptonModel model, Dataset<Row> rows) {
    List<LabelEvaluation> labels =
        data.labels().stream()
            .map(label -> LabelEvaluation.of(label, model.bundle().outputs()))
            .toList();
    requireColumns(rows);
    EvaluationOptions options = how.options(data.weight());
    boolean identified = options.bootstrap().replicates() == 0 || options.row().isPresent();
    EvaluationOptions named = identified ? options : options.identifiedBy(ROW);
    Dataset<Row> scored =
        model.transform(identified ? rows : rows.withColumn(ROW, Columns.hash(rows)));
    Set<String> kept = new LinkedHashSet<>(beside().toList());
    if (!identified) {
      kept.add(ROW);
    }
    List<Column> columns = new ArrayList<>(kept.stream().map(Columns::named).toList());
    for (LabelEvaluation label : labels) {
      columns.add(label.score(how.ranking().isPresent()));
      columns.add(label.truth(rows));
    }
    Dataset<Row> compared =
        scored.select(columns.toArray(Column[]::new)).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<String, EvaluationReport> reports = new LinkedHashMap<>();
      labels.forEach(it -> reports.put(it.label().name(), it.evaluate(compared, how, named)));
      return reports;
    } finally {
      compared.unpersist();
    }
  }

  /** Columns that are neither inputs nor labels. */
  private Stream<String> beside() {
    return Stream.of(
            data.weight().stream(),
            how.slices().stream(),
            how.row().stream(),
            how.ranking().stream().map(EvaluationSection.Ranking::user))
        .flatMap(it -> it);
  }

  private void requireColumns(Dataset<Row> rows) {
    List<String> there = Arrays.asList(rows.columns());
    List<String> problems =
        Stream.concat(data.labels().stream().map(label -> label.column()), beside())
            .distinct()
            .filter(column -> !there.contains(column))
            .map(
                column ->
                    "there is no column '%s' to evaluate with, of: %s"
                        .formatted(column, String.join(", ", there)))
            .toList();
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }
}
