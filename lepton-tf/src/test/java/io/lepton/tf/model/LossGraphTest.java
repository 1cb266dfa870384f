package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt32;

/** Models of one dense layer that passes its inputs on, so that inputs are logits. */
class LossGraphTest {
  private static final Offset<Float> CLOSE = within(1e-5f);

  @Test
  void softmaxIsTheLogarithmOfTheProbabilityOfTheLabel() {
    float[] logits = {1, 2, 3, 0, -1, 5, 100, 0, -100};
    int[] labels = {2, 0, 1};
    double loss = 0;
    for (int n = 0; n < 3; n++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(logits[n * 3 + c] - logits[n * 3 + labels[n]]);
      }
      loss += Math.log(sum);
    }
    float[] summary =
        summary(
            Models.classifier(Models.features(3), 3, Models.dense(3)),
            List.of(floats(logits, 3, 3), TInt32.vectorOf(labels)),
            0,
            1,
            2);
    assertThat(summary[0]).isCloseTo((float) loss, CLOSE);
    assertThat(summary[1]).isEqualTo(3);
    assertThat(summary[2]).isEqualTo(1);
  }

  @Test
  void sigmoidIsStableFarFromZero() {
    float[] logits = {0.5f, -3, 200, -200, 20, 0};
    int[] labels = {1, 1, 0, 0, 1, 0};
    ModelSpec spec = Models.binary(Models.features(1), Models.dense(1));
    double[] expected = {
      Math.log1p(Math.exp(-0.5)), Math.log1p(Math.exp(3)), 200, 0, Math.exp(-20), Math.log(2)
    };
    int[] right = {1, 0, 0, 1, 1, 1};
    for (int row = 0; row < 6; row++) {
      float[] summary = summary(spec, List.of(floats(logits, 6, 1), TInt32.vectorOf(labels)), row);
      float size = (float) Math.max(1e-9, expected[row]);
      assertThat(summary[0]).isCloseTo((float) expected[row], within(1e-5f * size));
      assertThat(summary[1]).isEqualTo(1);
      assertThat(summary[2]).isEqualTo(right[row]);
    }
  }

  @Test
  void squaredErrorMeasuresAbsoluteAndSquaredError() {
    float[] summary =
        summary(
            Models.regression(Models.features(1), Models.dense(1)),
            List.of(floats(new float[] {1, 2, -4}, 3, 1), floats(new float[] {3, 2.5f, 0}, 3)),
            0,
            1,
            2);
    assertThat(summary).startsWith(4 + 0.25f + 16, 3, 2 + 0.5f + 4, 4 + 0.25f + 16);
  }

  @Test
  void aWeightOfTwoIsTheSameAsTheExampleTwice() {
    for (ModelSpec spec : oneOfEachLoss()) {
      TrainingProgram plain = ModelCompiler.compile(spec, 1).program();
      TrainingProgram weighted = ModelCompiler.compile(Models.weighted(spec), 1).program();
      float[] at = Models.randomWeights(plain, 2);
      List<Tensor> columns = new ArrayList<>(columns(spec));
      columns.add(floats(new float[] {1, 2, 0}, 3));
      try (LocalProgram twice = new LocalProgram(plain);
          LocalProgram once = new LocalProgram(weighted)) {
        twice.load(columns(spec)).assign(at);
        once.load(columns).assign(at);
        assertThat(once.evaluate(0, 1, 2)).containsExactly(twice.evaluate(0, 1, 1), CLOSE);
        assertThat(once.gradient(at, 0, 1, 2)).containsExactly(twice.gradient(at, 0, 1, 1), CLOSE);
      }
    }
  }

  @Test
  void aBatchThatWeighsNothingChangesNothing() {
    for (ModelSpec spec : oneOfEachLoss()) {
      TrainingProgram program = ModelCompiler.compile(Models.weighted(spec), 1).program();
      float[] at = Models.randomWeights(program, 2);
      List<Tensor> columns = new ArrayList<>(columns(spec));
      columns.add(floats(new float[] {0, 0, 1}, 3));
      try (LocalProgram local = new LocalProgram(program)) {
        local.load(columns);
        assertThat(local.gradient(at, 0, 1)).containsOnly(0);
      }
    }
  }

  @Test
  void rowsAreTakenFromTheChunkInTheOrderGiven() {
    ModelSpec spec = Models.regression(Models.features(1), Models.dense(1));
    List<Tensor> columns =
        List.of(floats(new float[] {1, 2, 4}, 3, 1), floats(new float[] {0, 0, 0}, 3));
    assertThat(summary(spec, columns, 2, 0, 2)).startsWith(16 + 1 + 16, 3);
  }

  private static List<ModelSpec> oneOfEachLoss() {
    return List.of(
        Models.classifier(Models.features(2), 3, Models.dense(3)),
        Models.binary(Models.features(2), Models.dense(1)),
        Models.regression(Models.features(2), Models.dense(1)));
  }

  private static List<Tensor> columns(ModelSpec spec) {
    return List.of(
        floats(Models.normals(6, 1), 3, 2),
        Models.loss(spec) instanceof Loss.SquaredError
            ? floats(Models.normals(3, 2), 3)
            : TInt32.vectorOf(1, 0, 1));
  }

  private static float[] summary(ModelSpec spec, List<Tensor> columns, int... rows) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    int width = spec.inputs().get(0).column().width();
    float[] identity = new float[(int) program.vectorSize()];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    try (LocalProgram local = new LocalProgram(program)) {
      return local.load(columns).assign(identity).evaluate(rows);
    }
  }
}
