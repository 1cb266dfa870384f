package io.lepton.spark.ml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.udf;

import io.lepton.spark.Columns;
import io.lepton.spark.config.EvaluationSection;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.evaluation.ClassEvaluation;
import io.lepton.spark.evaluation.EvaluationOptions;
import io.lepton.spark.evaluation.EvaluationReport;
import io.lepton.spark.evaluation.MaskEvaluation;
import io.lepton.spark.evaluation.NumberEvaluation;
import io.lepton.spark.evaluation.RankingEvaluation;
import io.lepton.spark.evaluation.Scores;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.tf.bundle.ModelOutput;
import io.lepton.tf.bundle.ModelOutput.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What of a model is compared with one label, and how.
 *
 * @param outputs of the model for the label
 * @param suffix of the columns that the model adds; may be empty
 */
record LabelEvaluation(LabelSpec label, Map<Kind, ModelOutput> outputs, String suffix) {
  private static final String SCORE = "score of ";
  private static final String TRUTH = "label of ";
  private static final UserDefinedFunction UNSIGNED =
      udf(
          (UDF1<byte[], int[]>) LabelEvaluation::unsigned,
          DataTypes.createArrayType(DataTypes.IntegerType));

  /**
   * Finds it.
   *
   * @throws SchemaException if the model does not give what the label can be compared with
   */
  static LabelEvaluation of(LabelSpec label, List<ModelOutput> all) {
    boolean only = all.stream().allMatch(output -> output.label().isEmpty());
    Map<Kind, ModelOutput> outputs = new EnumMap<>(Kind.class);
    all.stream()
        .filter(output -> only || output.label().equals(label.name()))
        .forEach(output -> outputs.put(output.kind(), output));
    LabelEvaluation it = new LabelEvaluation(label, outputs, only ? "" : "_" + label.name());
    if (!label.hasColumn() || !it.fits()) {
      throw new SchemaException(
          List.of(
              "label '%s' must be numbers, classes or masks that the model gives to be evaluated, but the model gives %s for %s"
                  .formatted(label.name(), outputs.values(), label)));
    }
    return it;
  }

  private boolean fits() {
    ModelOutput logits = outputs.get(Kind.LOGITS);
    if (label.classes() == 0 || logits == null) {
      ModelOutput predictions = outputs.get(Kind.PREDICTIONS);
      return label.classes() == 0
          && label.shape().isEmpty()
          && predictions != null
          && predictions.width() == 1;
    }
    return Math.max(2, logits.logits()) == label.classes()
        && logits.width() / logits.logits()
            == label.shape().stream().reduce(1, Math::multiplyExact);
  }

  /** What is measured: the model's. */
  Column score(boolean ranked) {
    String name =
        outputs.containsKey(Kind.PREDICTIONS) || !label.shape().isEmpty()
            ? "prediction"
            : outputs.containsKey(Kind.PROBABILITIES) ? "probability" : "rawPrediction";
    Column column = Columns.named(name + suffix);
    if (!label.shape().isEmpty()) {
      column = vector_to_array(column, "float64");
    } else if (ranked && label.classes() > 0) {
      column = element_at(vector_to_array(column, "float64"), label.classes());
    }
    return column.as(SCORE + label.name());
  }

  /** What is measured: the data's. */
  Column truth(Dataset<Row> data) {
    Column column = Columns.named(label.column());
    DataType type = data.schema().apply(label.column()).dataType();
    if (type.equals(DataTypes.BinaryType)) {
      column = UNSIGNED.apply(column);
    } else if (type.equals(SQLDataTypes.VectorType())) {
      column = vector_to_array(column, "float64");
    }
    return column.as(TRUTH + label.name());
  }

  EvaluationReport evaluate(
      Dataset<Row> compared, EvaluationSection how, EvaluationOptions options) {
    String score = SCORE + label.name();
    String truth = TRUTH + label.name();
    if (how.ranking().isPresent()) {
      EvaluationSection.Ranking ranking = how.ranking().get();
      return new RankingEvaluation(ranking.cutoffs(), options)
          .evaluate(compared, ranking.user(), score, truth);
    }
    if (label.classes() == 0) {
      return new NumberEvaluation(how.quantiles(), options).evaluate(compared, score, truth);
    }
    if (!label.shape().isEmpty()) {
      return new MaskEvaluation(label.classes(), options).evaluate(compared, score, truth);
    }
    Scores scores = outputs.containsKey(Kind.PROBABILITIES) ? Scores.PROBABILITIES : Scores.LOGITS;
    return new ClassEvaluation(label.classes(), scores, how.classes(), options)
        .evaluate(compared, score, truth);
  }

  private static int[] unsigned(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return values;
  }
}
