package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.ml.ScoreColumn.Content;
import io.lepton.spark.ml.ScoreColumn.Shape;
import io.lepton.tf.bundle.ModelOutput;
import io.lepton.tf.bundle.ModelOutput.Kind;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.junit.jupiter.api.Test;

class ScoreVectorTest {
  private static final int VALUES = 3;

  @Test
  void aClassIsTheLargestOfItsLogitsTheFirstOfEqualOnes() {
    ScoreVector vector = vector(Content.CLASS, new Shape(3, 3), List.of());
    vector.write(1, 2, FloatBuffer.wrap(new float[] {1, 3, 2, 5, 0, 5}));

    assertThat(vector.vector().getDouble(1)).isEqualTo(1);
    assertThat(vector.vector().getDouble(2)).isZero();
  }

  @Test
  void aThresholdOfZeroIsAlwaysReached() {
    ScoreVector vector = vector(Content.CLASS, new Shape(3, 3), List.of(1.0, 0.0, 1.0));
    vector.write(0, 2, FloatBuffer.wrap(new float[] {.8f, .1f, .1f, .8f, 0, .2f}));

    assertThat(vector.vector().getDouble(0)).isEqualTo(1);
    assertThat(vector.vector().getDouble(1)).isZero();
  }

  @Test
  void aClassIsNaNWhereALogitOrAProbabilityIs() {
    float[] numbers = {1, Float.NaN, 2, 1, 0, 2, Float.NaN, 5, 0};
    for (List<Double> thresholds : List.of(List.<Double>of(), List.of(1.0, 1.0, 1.0))) {
      ScoreVector vector = vector(Content.CLASS, new Shape(3, 3), thresholds);
      vector.write(0, 3, FloatBuffer.wrap(numbers));
      BitSet undefined = new BitSet();
      vector.findUndefined(0, 3, undefined);

      assertThat(vector.vector().getDoubles(0, 3)).containsExactly(Double.NaN, 2, Double.NaN);
      assertThat(undefined.stream()).containsExactly(0, 2);
    }
    ScoreVector single = vector(Content.CLASS, new Shape(1, 1), List.of(0.5, 0.5));
    single.write(0, 2, FloatBuffer.wrap(new float[] {Float.NaN, 0.75f}));
    assertThat(single.vector().getDoubles(0, 2)).containsExactly(Double.NaN, 1);
  }

  @Test
  void classesOfPixelsAreAVector() {
    ScoreVector vector = vector(Content.CLASS, new Shape(4, 2), List.of());
    vector.write(0, 2, FloatBuffer.wrap(new float[] {1, 0, 0, 1, 0, 1, 0, 1}));

    assertThat(numbers(vector, 0)).containsExactly(0, 1);
    assertThat(numbers(vector, 1)).containsExactly(1, 1);
  }

  @Test
  void bothClassesComeOutOfOneLogit() {
    ScoreVector logits = vector(Content.BOTH_LOGITS, new Shape(1, 1), List.of());
    ScoreVector probabilities = vector(Content.BOTH_PROBABILITIES, new Shape(1, 1), List.of());
    logits.write(0, 1, FloatBuffer.wrap(new float[] {2}));
    probabilities.write(0, 1, FloatBuffer.wrap(new float[] {.25f}));

    assertThat(numbers(logits, 0)).containsExactly(-2, 2);
    assertThat(numbers(probabilities, 0)).containsExactly(.75, .25);
  }

  @Test
  void aRefusedRowIsNullInTheNextBatchNoMore() {
    ScoreVector scores = vector(Content.NUMBERS, new Shape(1, 1), List.of());
    ScoreVector reasons = vector(Content.REASON, Shape.NOTHING, List.of());
    for (ScoreVector vector : List.of(scores, reasons)) {
      vector.clear();
      vector.write(0, 3, FloatBuffer.wrap(new float[] {1, 2, 3}));
      vector.refuse(1, "no reason");
    }
    assertThat(scores.vector().isNullAt(1)).isTrue();
    assertThat(reasons.vector().isNullAt(0)).isTrue();
    assertThat(reasons.vector().getUTF8String(1)).hasToString("no reason");

    scores.clear();
    reasons.clear();
    assertThat(scores.vector().isNullAt(1)).isFalse();
    assertThat(reasons.vector().isNullAt(1)).isTrue();
  }

  @Test
  void columnsOfSeveralLabelsEndInTheirNames() {
    List<ModelOutput> outputs =
        List.of(
            output("kind_logits", "kind", Kind.LOGITS, List.of(3)),
            output("kind_probabilities", "kind", Kind.PROBABILITIES, List.of(3)),
            output("map_logits", "map", Kind.LOGITS, List.of(4, 4, 2)),
            output("price_predictions", "price", Kind.PREDICTIONS, List.of(1)));
    LeptonEstimator params = new LeptonEstimator();
    params.set(params.probabilityCol(), "");

    List<ScoreColumn> columns = ScoreLayout.of(outputs, params);

    assertThat(columns)
        .extracting(ScoreColumn::name)
        .containsExactly(
            "rawPrediction_kind",
            "prediction_kind",
            "rawPrediction_map",
            "prediction_map",
            "prediction_price");
    assertThat(columns)
        .extracting(ScoreColumn::type)
        .containsExactly(
            SQLDataTypes.VectorType(),
            DataTypes.DoubleType,
            SQLDataTypes.VectorType(),
            SQLDataTypes.VectorType(),
            DataTypes.DoubleType);
    assertThat(columns.get(3).width()).isEqualTo(16);
  }

  private static ModelOutput output(String name, String label, Kind kind, List<Integer> shape) {
    return new ModelOutput(name, label, kind, "", shape, false);
  }

  private static ScoreVector vector(Content content, Shape shape, List<Double> thresholds) {
    return new ScoreVector(new ScoreColumn("it", content, shape, 0, thresholds), 3);
  }

  private static double[] numbers(ScoreVector vector, int row) {
    ColumnVector values = vector.vector().getChild(VALUES);
    return values.getArray(row).toDoubleArray();
  }
}
