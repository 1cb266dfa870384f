package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;

class WeightOptionsTest {
  private static final int[] ROWS = {0, 1, 2, 3, 4};

  @Test
  void penaltiesAddTheirDerivativesToTheGradient() {
    TrainingProgram plain = program(WeightOptions.NONE);
    TrainingProgram penalized =
        program(
            WeightOptions.NONE
                .penalized("kernel", new WeightOptions.Penalty(0.03, 0.5))
                .penalized("bias", new WeightOptions.Penalty(0, 0.25)));
    float[] at = Models.randomWeights(plain, 2);
    float[] without = gradient(plain, at);
    float[] with = gradient(penalized, at);
    for (int i = 0; i < 6; i++) {
      double derivative = 0.03 * Math.signum(at[i]) + 2 * 0.5 * at[i];
      assertThat((double) with[i] - without[i]).isCloseTo(derivative, within(1e-5));
    }
    for (int i = 16; i < 18; i++) {
      assertThat((double) with[i] - without[i]).isCloseTo(2 * 0.25 * at[i], within(1e-5));
    }
  }

  @Test
  void penaltiesAreNotPartOfTheReportedLoss() {
    TrainingProgram plain = program(WeightOptions.NONE);
    TrainingProgram penalized =
        program(WeightOptions.NONE.penalized("kernel", new WeightOptions.Penalty(1, 1)));
    float[] at = Models.randomWeights(plain, 2);
    try (LocalProgram one = new LocalProgram(plain);
        LocalProgram other = new LocalProgram(penalized)) {
      float[] summary = one.load(examples()).assign(at).train(0, 0, 0, ROWS);
      assertThat(other.load(examples()).assign(at).train(0, 0, 0, ROWS)).isEqualTo(summary);
      assertThat(other.evaluate(ROWS)).isEqualTo(one.evaluate(ROWS));
    }
  }

  @Test
  void afterAStepNoVectorOfWeightsIsLongerThanItsLimit() {
    TrainingProgram free = program(WeightOptions.NONE);
    TrainingProgram limited = program(WeightOptions.NONE.limited("kernel", 1));
    float[] start = new float[(int) free.vectorSize()];
    float[] kernel = {3, 0.1f, 0, 0.2f, 4, -0.1f};
    System.arraycopy(kernel, 0, start, 0, 6);
    float[] expected = step(free, start);
    float[] actual = step(limited, start);
    for (int column = 0; column < 2; column++) {
      double squares = 0;
      for (int row = 0; row < 3; row++) {
        squares += Math.pow(expected[row * 2 + column], 2);
      }
      double factor = Math.min(1, 1 / Math.sqrt(squares));
      for (int i = column; i < 6; i += 2) {
        assertThat((double) actual[i]).isCloseTo(factor * expected[i], within(1e-5));
      }
    }
    assertThat(actual[0]).isLessThan(0.7f);
    assertThat(actual[3]).isCloseTo(expected[3], within(1e-5f));
  }

  @Test
  void penaltiesAndLimitsHaveASign() {
    assertThatThrownBy(() -> new WeightOptions.Penalty(-1, 0))
        .hasMessage("l1 must be a finite number of at least 0, but was: -1.0");
    assertThatThrownBy(() -> WeightOptions.NONE.limited("kernel", 0))
        .hasMessage("max-norm must be a finite number above 0, but was: 0.0");
  }

  private static TrainingProgram program(WeightOptions options) {
    Node hidden = new Node("", Models.dense(2), List.of(), options);
    ModelSpec spec =
        Models.graph(
            List.of(ModelInput.raw(Models.features(3))),
            List.of(hidden, Node.of(Models.dense(1))),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    return ModelCompiler.compile(spec, 1).program();
  }

  private static float[] gradient(TrainingProgram program, float... at) {
    try (LocalProgram local = new LocalProgram(program)) {
      return local.load(examples()).gradient(at, ROWS);
    }
  }

  private static float[] step(TrainingProgram program, float... from) {
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(from).train(0.01f, 0, 0, ROWS);
      return local.read();
    }
  }

  private static List<Tensor> examples() {
    return List.of(floats(Models.normals(15, 3), 5, 3), floats(Models.normals(5, 4), 5));
  }
}
