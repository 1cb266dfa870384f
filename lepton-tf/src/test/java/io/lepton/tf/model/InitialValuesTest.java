package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialValuesTest {
  /** 5·4 = 20 places of 30 channels to 10: 600 in, 200 out. */
  private static final List<Integer> KERNEL = List.of(5, 4, 30, 10);

  @Test
  void scaledValuesHaveTheVarianceOfTheirFan() {
    checkScaled(Initializer.GLOROT_UNIFORM, 1 / 400.0, Math.sqrt(6 / 800.0));
    checkScaled(Initializer.HE_UNIFORM, 2 / 600.0, Math.sqrt(6 / 600.0));
    checkScaled(Initializer.LECUN_UNIFORM, 1 / 600.0, Math.sqrt(3 / 600.0));
    double cut = 2 / 0.8796256610342398;
    checkScaled(Initializer.GLOROT_NORMAL, 1 / 400.0, cut * Math.sqrt(1 / 400.0));
    checkScaled(Initializer.HE_NORMAL, 2 / 600.0, cut * Math.sqrt(2 / 600.0));
    checkScaled(Initializer.LECUN_NORMAL, 1 / 600.0, cut * Math.sqrt(1 / 600.0));
  }

  @Test
  void uniformAndGaussianValuesHaveTheirMeanAndDeviation() {
    checkMoments(new Initializer.Uniform(1, 4), 2.5, 3 / Math.sqrt(12));
    checkMoments(new Initializer.Normal(-1, 0.5), -1, 0.5);
    checkMoments(new Initializer.TruncatedNormal(2, 3), 2, 3 * 0.8796256610342398);
    for (double value : values(new Initializer.TruncatedNormal(2, 3), KERNEL)) {
      assertThat(value).isBetween(2 - 6.0, 2 + 6.0);
    }
    assertThat(Arrays.stream(values(new Initializer.Normal(0, 1), KERNEL)).max().orElseThrow())
        .isGreaterThan(2.5);
  }

  @Test
  void constantsAreTheSameEverywhere() {
    assertThat(values(Initializer.ZEROS, List.of(3))).containsOnly(0);
    assertThat(values(Initializer.ONES, List.of(3))).containsOnly(1);
    assertThat(values(new Initializer.Constant(-2.5), List.of(3))).containsOnly(-2.5);
  }

  @ParameterizedTest
  @CsvSource({"7, 4", "4, 7", "5, 5"})
  void orthogonalRowsOrColumnsHaveTheLengthOfTheGain(int rows, int columns) {
    double[] matrix = values(new Initializer.Orthogonal(3), List.of(rows, columns));
    boolean wide = columns > rows;
    int vectors = Math.min(rows, columns);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b < vectors; b++) {
        double product = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          product +=
              wide
                  ? matrix[a * columns + i] * matrix[b * columns + i]
                  : matrix[i * columns + a] * matrix[i * columns + b];
        }
        assertThat(product).isCloseTo(a == b ? 9 : 0, within(1e-12));
      }
    }
  }

  @Test
  void orthogonalKernelsAreMatricesOfAllDimensionsButTheLast() {
    assertThat(values(new Initializer.Orthogonal(1), List.of(2, 2, 3, 5)))
        .isEqualTo(values(new Initializer.Orthogonal(1), List.of(12, 5)));
  }

  @Test
  void valuesDependOnSeedNameAndPositionOnly() {
    for (Initializer initializer :
        List.of(Initializer.HE_NORMAL, Initializer.GLOROT_UNIFORM, new Initializer.Normal(0, 1))) {
      IntToDoubleFunction value = of(initializer, 1, "a/kernel");
      assertThat(of(initializer, 1, "a/kernel").applyAsDouble(17))
          .isEqualTo(value.applyAsDouble(17))
          .isNotEqualTo(value.applyAsDouble(18))
          .isNotEqualTo(of(initializer, 2, "a/kernel").applyAsDouble(17))
          .isNotEqualTo(of(initializer, 1, "b/kernel").applyAsDouble(17));
    }
  }

  @Test
  void aModelNamesTheInitialValuesOfItsWeights() {
    Node dense =
        new Node(
            "",
            Models.dense(1),
            List.of(),
            WeightOptions.NONE
                .initialized("kernel", Initializer.ONES)
                .initialized("bias", new Initializer.Constant(0.5)));
    ModelSpec spec =
        Models.graph(
            List.of(ModelInput.raw(Models.features(3))),
            List.of(dense),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    float[] vector = LocalProgram.vector(ModelCompiler.compile(spec, 1));
    assertThat(vector).startsWith(1, 1, 1, 0).contains(0.5f);
  }

  @Test
  void optionsOfAWeightThatIsNotThereAreRefused() {
    Node dense =
        new Node(
            "",
            new Layer.Dense(1, Activation.LINEAR, false),
            List.of(),
            WeightOptions.NONE.initialized("bias", Initializer.ONES));
    ModelSpec spec =
        Models.graph(
            List.of(ModelInput.raw(Models.features(3))),
            List.of(dense),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    assertThatThrownBy(() -> ModelCompiler.check(spec))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "layer 0: options are for weights of the layer, but 'bias' is none of [kernel];"
                + " remove its options");
  }

  private static void checkScaled(Initializer initializer, double variance, double reach) {
    checkMoments(initializer, 0, Math.sqrt(variance));
    double largest = Arrays.stream(values(initializer, KERNEL)).map(Math::abs).max().orElseThrow();
    assertThat(largest).isBetween(0.98 * reach, reach);
  }

  private static void checkMoments(Initializer initializer, double mean, double deviation) {
    double[] values = values(initializer, KERNEL);
    double average = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertThat(average).isCloseTo(mean, within(0.05 * deviation));
    assertThat(Math.sqrt(variance)).isCloseTo(deviation, within(0.03 * deviation));
  }

  private static double[] values(Initializer initializer, List<Integer> shape) {
    double[] values = new double[(int) Shapes.elements(shape)];
    Arrays.setAll(values, InitialValues.of(initializer, shape, Draws.of(7, "layer/kernel")));
    return values;
  }

  private static IntToDoubleFunction of(Initializer initializer, long seed, String name) {
    return InitialValues.of(initializer, List.of(4, 5), Draws.of(seed, name));
  }
}
