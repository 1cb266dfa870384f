package io.lepton.spark.ml;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.ScoreColumn.Content;
import io.lepton.spark.ml.ScoreColumn.Shape;
import io.lepton.tf.bundle.ModelOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** The columns that a model adds, of what it gives and how it is told to name that. */
final class ScoreLayout {
  private final List<ModelOutput> outputs;
  private final ScoringParams params;
  private final List<ScoreColumn> columns = new ArrayList<>();

  private ScoreLayout(List<ModelOutput> outputs, ScoringParams params) {
    this.outputs = outputs;
    this.params = params;
  }

  static List<ScoreColumn> of(List<ModelOutput> outputs, ScoringParams params) {
    return new ScoreLayout(outputs, params).columns();
  }

  /**
   * A schema with the columns behind its own.
   *
   * @throws SchemaException if one of that name is there, naming all
   */
  static StructType append(List<ScoreColumn> columns, StructType schema) {
    Set<String> taken = new LinkedHashSet<>(Arrays.asList(schema.fieldNames()));
    List<String> problems = new ArrayList<>();
    StructType appended = schema;
    for (ScoreColumn column : columns) {
      if (!taken.add(column.name())) {
        problems.add(
            "column '%s' must not be there before the model adds it, but is; give it another name"
                .formatted(column.name()));
      }
      appended = appended.add(column.name(), column.type(), true);
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
    return appended;
  }

  private List<ScoreColumn> columns() {
    Set<String> labels = new LinkedHashSet<>();
    outputs.forEach(output -> labels.add(output.label()));
    for (String label : labels) {
      addLabel(label);
    }
    String reason = params.getOrDefault(params.reasonCol());
    if (!reason.isEmpty()) {
      columns.add(new ScoreColumn(reason, Content.REASON, Shape.NOTHING, 0, List.of()));
    }
    return columns;
  }

  private void addLabel(String label) {
    int logits = find(label, ModelOutput.Kind.LOGITS);
    int probabilities = find(label, ModelOutput.Kind.PROBABILITIES);
    int predictions = find(label, ModelOutput.Kind.PREDICTIONS);
    String prediction = named(params.getOrDefault(params.predictionCol()), label);
    if (predictions >= 0) {
      add(prediction, Content.NUMBERS, predictions, List.of());
      return;
    }
    List<Double> thresholds = thresholds(outputs.get(logits), probabilities >= 0);
    add(
        named(params.getOrDefault(params.rawPredictionCol()), label),
        isSingle(logits) ? Content.BOTH_LOGITS : Content.NUMBERS,
        logits,
        List.of());
    if (probabilities >= 0) {
      add(
          named(params.getOrDefault(params.probabilityCol()), label),
          isSingle(probabilities) ? Content.BOTH_PROBABILITIES : Content.NUMBERS,
          probabilities,
          List.of());
    }
    add(prediction, Content.CLASS, thresholds.isEmpty() ? logits : probabilities, thresholds);
  }

  private List<Double> thresholds(ModelOutput logits, boolean hasProbabilities) {
    double[] values =
        params.isDefined(params.thresholds())
            ? params.getOrDefault(params.thresholds())
            : new double[0];
    int classes = Math.max(2, logits.logits());
    if (values.length > 0 && (!hasProbabilities || values.length != classes)) {
      throw new IllegalArgumentException(
          "thresholds must be one for each of %d classes that have probabilities, but were: %s"
              .formatted(hasProbabilities ? classes : 0, Arrays.toString(values)));
    }
    return Arrays.stream(values).boxed().toList();
  }

  private boolean isSingle(int output) {
    return outputs.get(output).oneLogit() && outputs.get(output).width() == 1;
  }

  private void add(String name, Content content, int output, List<Double> thresholds) {
    if (!name.isEmpty()) {
      columns.add(
          new ScoreColumn(name, content, Shape.of(outputs.get(output)), output, thresholds));
    }
  }

  private static String named(String name, String label) {
    return name.isEmpty() || label.isEmpty() ? name : name + "_" + label;
  }

  private int find(String label, ModelOutput.Kind kind) {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).label().equals(label) && outputs.get(i).kind() == kind) {
        return i;
      }
    }
    return -1;
  }
}
