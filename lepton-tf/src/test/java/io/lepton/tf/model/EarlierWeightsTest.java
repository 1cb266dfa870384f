package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.tf.Variable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierWeightsTest {
  private static final ModelSpec SPEC =
      Models.with(
          Models.regression(Models.features(2), Models.dense(3), Models.dense(1)),
          new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));
  private static final ModelSpec WIDER =
      Models.regression(Models.features(2), Models.dense(4), Models.dense(1));
  private static final Map<String, WeightValue> SAVED =
      Map.of(
          "dense_0/kernel", value(List.of(2, 3)),
          "dense_0/bias", value(List.of(3)),
          "dense_1/kernel", value(List.of(3, 2)),
          "dense_2/bias", value(List.of(5)));

  @TempDir private Path temporary;

  @Test
  void whatWasWrittenIsReadByTheNamesOfTheWeights() throws IOException {
    CompiledModel compiled = ModelCompiler.compile(SPEC, 1);
    float[] vector = Models.randomWeights(compiled.program(), 2);
    SavedModelWriter.write(SPEC, compiled.program(), LocalProgram.flat(vector), temporary);

    Map<String, WeightValue> read = SavedWeights.read(temporary);

    List<Variable> weights =
        compiled.program().variables().stream().filter(Variable::ofModel).toList();
    assertThat(read).hasSameSizeAs(weights);
    for (Variable weight : weights) {
      float[] values = new float[(int) weight.size()];
      read.get(weight.name()).values().get(values);
      int from = (int) weight.offset();
      assertThat(values)
          .containsExactly(Arrays.copyOfRange(vector, from, from + (int) weight.size()));
      assertThat(read.get(weight.name()).shape()).isEqualTo(weight.shape());
    }
    assertThat(new EarlierWeights(read, List.of("*"), false).of(SPEC)).isEqualTo(read);
  }

  @Test
  void allThatIsNotInBothIsRefused() {
    assertThatThrownBy(() -> new EarlierWeights(SAVED, List.of("*"), false).of(SPEC))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "weights to start from must be in both models, but 'dense_1/kernel' has the shape"
                + " [3, 1], but [3, 2] was saved, 'dense_1/bias' was not saved, 'dense_2/bias' is"
                + " no weight of the model; name those that are, or allow to take a part");
  }

  @Test
  void theRestStartsAnewWhereAPartIsEnough() {
    assertThat(new EarlierWeights(SAVED, List.of("*"), true).of(SPEC))
        .containsOnlyKeys("dense_0/kernel", "dense_0/bias");
  }

  @Test
  void onlyWeightsOfThePatternsAreTaken() {
    assertThat(new EarlierWeights(SAVED, List.of("dense_0/*"), false).of(SPEC))
        .containsOnlyKeys("dense_0/kernel", "dense_0/bias");
  }

  @Test
  void aPatternOfNothingThatFitsIsRefusedEvenInPart() {
    assertThatThrownBy(() -> new EarlierWeights(SAVED, List.of("dense_0/*"), true).of(WIDER))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "a pattern of weights to start from must match one of the same shape in both models,"
                + " but 'dense_0/*' does not; the model has [dense_0/kernel [2, 4], ");
  }

  private static WeightValue value(List<Integer> shape) {
    return new WeightValue(shape, FloatBuffer.wrap(new float[(int) Shapes.elements(shape)]));
  }
}
