package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** What a compiled program makes of stored values, in training and in evaluation. */
class InputGraphTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void missingValuesAreFilledByPositionAndIndicated() {
    assertPrepared(
        input(ElementType.FLOAT32, List.of(3), fill(List.of(7.0, 8.0, 9.0), 2, 0)),
        floats(new float[] {1, NAN, 3, NAN, 5, INF, -INF, -2, NAN}, 3, 3),
        new float[][] {{1, 8, 3, 0, 0}, {7, 5, 9, 1, 1}, {7, -2, 9, 1, 1}});
  }

  @Test
  void oneValueFillsEveryPositionOfEveryRow() {
    assertPrepared(
        input(ElementType.FLOAT32, List.of(2, 2), fill(List.of(-1.0))),
        floats(new float[] {1, NAN, INF, 4, NAN, NAN, 0, -INF}, 2, 2, 2),
        new float[][] {{1, -1, -1, 4}, {-1, -1, 0, -1}});
  }

  @Test
  void indicatorsOfARowStandBesideItsOwnValues() {
    assertPrepared(
        input(ElementType.FLOAT32, List.of(2, 2), fill(List.of(0.0), 1)),
        floats(new float[] {1, NAN, 3, 4, 5, 6, NAN, NAN}, 2, 2, 2),
        new float[][] {{1, 0, 1, 3, 4, 0}, {5, 6, 0, 0, 0, 1}});
  }

  @Test
  void missingValuesSurviveTheOptimizerOfMixedPrecisionToo() {
    ModelInput input =
        input(
            ElementType.FLOAT32,
            List.of(2),
            fill(List.of(3.0, 4.0), 0, 1),
            new Transform.Scale(List.of(1.0), List.of(2.0)));
    try (LocalProgram local = probe(input, MixedPrecisionTest.BFLOAT16)) {
      local.load(
          List.of(
              floats(new float[] {NAN, 2, 1, INF}, 2, 2),
              floats(new float[] {1, 0.5f, 0, -0.5f, 0, 1.5f, -0.5f, 0}, 2, 4)));
      assertThat(local.evaluate(0, 1)[0]).isZero();
      assertThat(local.train(0, 0, 0, 0, 1)[0]).isZero();
    }
  }

  @Test
  void scalingIsNotRoundedByMixedPrecision() {
    ModelInput input =
        input(
            ElementType.FLOAT32,
            List.of(2),
            new Transform.Scale(List.of(1_000_000.0), List.of(0.5)));
    try (LocalProgram local = probe(input, MixedPrecisionTest.BFLOAT16)) {
      local.load(
          List.of(
              floats(new float[] {1_000_001, 999_999}, 1, 2), floats(new float[] {2, -2}, 1, 2)));
      assertThat(local.evaluate(0)[0]).isZero();
    }
  }

  @Test
  void logIsOfOnePlusTheValueAndOfZeroForNegativeOnes() {
    assertPrepared(
        input(ElementType.FLOAT32, List.of(3), new Transform.Log(List.of(0, 2))),
        floats(new float[] {1, 1, 1e6f, -5, -5, 0}, 2, 3),
        new float[][] {
          {(float) Math.log1p(1), 1, (float) Math.log1p(1e6)}, {0, -5, 0},
        });
  }

  @Test
  void clippedValuesStayWithinTheirBounds() {
    assertPrepared(
        input(
            ElementType.FLOAT32,
            List.of(2),
            new Transform.Clip(List.of(-1.0, 0.0), List.of(1.0, 10.0))),
        floats(new float[] {-3, -3, 3, 3, 0.5f, 30}, 3, 2),
        new float[][] {{-1, 0}, {1, 3}, {0.5f, 10}});
  }

  @Test
  void theOnlyPositionCanBeAScalar() {
    ModelInput input =
        input(
            ElementType.FLOAT32,
            List.of(1),
            new Transform.Scale(List.of(1.0), List.of(2.0)),
            new Transform.Scalar());
    assertThat(input.outputShape()).isEmpty();
    assertPrepared(input, floats(new float[] {3, -1}, 2, 1), new float[][] {{1}, {-1}});
    assertThatThrownBy(
            () -> input(ElementType.FLOAT32, List.of(2), new Transform.Scalar()).outputShape())
        .hasMessage("scalar takes [1], but was given [2]; make the input of one column");
  }

  @Test
  void transformsFollowEachOtherInTheirOrder() {
    assertPrepared(
        input(
            ElementType.FLOAT32,
            List.of(1),
            fill(List.of(2.0)),
            new Transform.Log(List.of(0)),
            new Transform.Scale(List.of(1.0), List.of(4.0)),
            new Transform.Clip(List.of(-0.1), List.of(0.1))),
        floats(new float[] {NAN, 0, 50}, 3, 1),
        new float[][] {{(float) ((Math.log1p(2) - 1) / 4)}, {-0.1f}, {0.1f}});
  }

  @Test
  void aColumnOfDoublesIsPreparedInDoubles() {
    double far = 1e12;
    assertPrepared(
        input(
            ElementType.FLOAT64,
            List.of(2),
            fill(List.of(far)),
            new Transform.Scale(List.of(far, far), List.of(0.25))),
        TFloat64.tensorOf(
            Shape.of(2, 2), DataBuffers.of(far + 0.5, Double.NaN, far - 1, far + 0.125)),
        new float[][] {{2, 0}, {-4, 0.5f}});
  }

  @Test
  void aColumnOfScalarsHasOnePosition() {
    assertPrepared(
        input(
            ElementType.FLOAT32,
            List.of(),
            fill(List.of(5.0)),
            new Transform.Log(List.of(0)),
            new Transform.Scale(List.of(0.0), List.of(2.0))),
        floats(new float[] {NAN, 0}, 2),
        new float[][] {{(float) (Math.log1p(5) / 2)}, {0}});
  }

  @Test
  void integersAreCastBeforeTheirTransforms() {
    assertPrepared(
        input(ElementType.UINT8, List.of(2), new Transform.Scale(List.of(127.5), List.of(127.5))),
        TUint8.tensorOf(Shape.of(2, 2), DataBuffers.of(new byte[] {0, -1, 51, 102})),
        new float[][] {{-1, 1}, {-0.6f, -0.2f}});
  }

  @Test
  void idsAreOneHotByPositionAndUnknownOnesAllZeros() {
    assertPrepared(
        input(ElementType.INT32, List.of(2), new Transform.OneHot(List.of(3, 2))),
        TInt32.tensorOf(Shape.of(4, 2), DataBuffers.of(0, 0, 2, 1, 3, 2, -1, 1)),
        new float[][] {{1, 0, 0, 1, 0}, {0, 0, 1, 0, 1}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 1}});
    assertPrepared(
        input(ElementType.UINT8, List.of(2), new Transform.OneHot(List.of(2))),
        TUint8.tensorOf(Shape.of(2, 2), DataBuffers.of(new byte[] {0, 1, -1, 0})),
        new float[][] {{1, 0, 0, 1}, {0, 0, 1, 0}});
    assertPrepared(
        input(ElementType.INT32, List.of(), new Transform.OneHot(List.of(3))),
        TInt32.vectorOf(2, 0),
        new float[][] {{0, 0, 1}, {1, 0, 0}});
  }

  @Test
  void transformsThatDoNotFitTheirColumnAreRefused() {
    assertRefused(
        "input 'x': fill takes 1 or 3 values for a column of shape [3], but was given 2;"
            + " give one for each position",
        ElementType.FLOAT32,
        fill(List.of(1.0, 2.0)));
    assertRefused(
        "input 'x': log takes different elements from 0 to 2, at least one, but was given [3];"
            + " name positions along the last dimension of [3]",
        ElementType.FLOAT32,
        new Transform.Log(List.of(3)));
    assertRefused(
        "input 'x': log takes different elements from 0 to 2, at least one, but was given [1, 1];"
            + " name positions along the last dimension of [3]",
        ElementType.FLOAT32,
        new Transform.Log(List.of(1, 1)));
    assertRefused(
        "input 'x': fill must come first, but came after log; move it to the front",
        ElementType.FLOAT32,
        new Transform.Log(List.of(0)),
        fill(List.of(1.0)));
    assertRefused(
        "input 'x': one-hot takes integers, but was given FLOAT32; store the column as int32",
        ElementType.FLOAT32,
        new Transform.OneHot(List.of(4)));
  }

  @Test
  void valuesThatNoColumnFitsAreRefused() {
    assertThatThrownBy(() -> fill(List.of(1.0, Double.NaN)))
        .hasMessage("values must be finite, but one was: NaN");
    assertThatThrownBy(() -> new Transform.Scale(List.of(0.0), List.of(0.0)))
        .hasMessage("scales must be normal numbers of float32, but one was: 0.0");
    assertThatThrownBy(() -> new Transform.Clip(List.of(2.0), List.of(1.0)))
        .hasMessage("lows must not be above highs, but were: 2.0 and 1.0 at 0");
    assertThatThrownBy(() -> new Transform.Clip(List.of(2.0), List.of()))
        .hasMessage("lows and highs must be equally many, but were: 1 and 0");
    assertThatThrownBy(() -> new Transform.OneHot(List.of(0)))
        .hasMessage("depths must be positive, but was: 0");
  }

  private static Transform fill(List<Double> values, Integer... indicated) {
    return new Transform.Fill(values, List.of(indicated));
  }

  private static ModelInput input(ElementType type, List<Integer> shape, Transform... transforms) {
    return new ModelInput(new ColumnSpec("x", type, shape), List.of(transforms));
  }

  private static void assertRefused(String message, ElementType type, Transform... transforms) {
    ModelInput input = input(type, List.of(3), transforms);
    Target target = Target.of(Models.NUMBER, new Loss.SquaredError());
    ModelSpec spec = Models.graph(List.of(input), Node.chain(Models.dense(1)), target);
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private static void assertPrepared(ModelInput input, Tensor stored, float[][] expected) {
    float[] labels = new float[expected.length * expected[0].length];
    for (int row = 0; row < expected.length; row++) {
      System.arraycopy(expected[row], 0, labels, row * expected[0].length, expected[0].length);
    }
    try (LocalProgram local = probe(input, ConfigProto.getDefaultInstance())) {
      local.load(List.of(stored, floats(labels, expected.length, expected[0].length)));
      for (int row = 0; row < expected.length; row++) {
        assertThat(local.evaluate(row)[2]).as("row %d", row).isCloseTo(0, within(2e-6f));
        assertThat(local.train(0, 0, 0, row)[2]).as("row %d", row).isCloseTo(0, within(2e-6f));
      }
    }
  }

  /** A model that gives its input as prepared, compared with labels of that size. */
  private static LocalProgram probe(ModelInput input, ConfigProto config) {
    int width = (int) Shapes.elements(input.outputShape());
    ColumnSpec label = new ColumnSpec("label", ElementType.FLOAT32, List.of(width));
    List<Node> layers = Node.chain(new Layer.Flatten(), Models.dense(width));
    TrainingProgram program =
        ModelCompiler.compile(
                Models.graph(List.of(input), layers, Target.of(label, new Loss.SquaredError())), 1)
            .program();
    float[] identity = new float[(int) program.vectorSize()];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    return new LocalProgram(program, config).assign(identity);
  }
}
