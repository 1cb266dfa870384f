package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WarmStartTest {
  private static final ModelSpec SPEC =
      Models.with(
          Models.regression(Models.features(2), Models.dense(3), Models.dense(1)),
          new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));

  @Test
  void weightsStartFromTheValuesGiven() {
    WeightValue bias = value(List.of(3), 1, 2, 3);
    WeightValue kernel = value(List.of(3, 1), 4, 5, 6);
    CompiledModel model =
        ModelCompiler.compile(SPEC, 7, 1, Map.of("dense_0/bias", bias, "dense_1/kernel", kernel));
    float[] expected = LocalProgram.vector(ModelCompiler.compile(SPEC, 7));
    System.arraycopy(new float[] {1, 2, 3}, 0, expected, offset(model, "dense_0/bias"), 3);
    System.arraycopy(new float[] {4, 5, 6}, 0, expected, offset(model, "dense_1/kernel"), 3);
    assertThat(LocalProgram.vector(model)).containsExactly(expected);
  }

  @Test
  void everyNameAndShapeThatIsNotTheModelsIsRefused() {
    Map<String, WeightValue> values =
        new TreeMap<>(
            Map.of(
                "dense_0/bais", value(List.of(3), 1, 2, 3),
                "dense_0/bias/m", value(List.of(3), 1, 2, 3),
                "dense_0/kernel", value(List.of(3, 2), 1, 2, 3, 4, 5, 6)));
    assertThatThrownBy(() -> ModelCompiler.compile(SPEC, 7, 1, values))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "initial values must be of the model's weights, but: 'dense_0/bais' is no weight of the"
                + " model; did you mean 'dense_0/bias', of: dense_0/kernel, dense_0/bias,"
                + " dense_1/kernel, dense_1/bias?; 'dense_0/bias/m' is no weight of the model; did"
                + " you mean 'dense_0/bias', of: dense_0/kernel, dense_0/bias, dense_1/kernel,"
                + " dense_1/bias?; 'dense_0/kernel' has the shape [2, 3] in the model, but [3, 2]"
                + " where it comes from; change its layer, or start it anew");
  }

  @Test
  void valuesMustBeAsManyAsTheShapeSays() {
    assertThatThrownBy(() -> value(List.of(2, 2), 1, 2, 3))
        .hasMessage("a weight of shape [2, 2] must have 4 values, but had: 3");
  }

  private static WeightValue value(List<Integer> shape, float... values) {
    return new WeightValue(shape, FloatBuffer.wrap(values));
  }

  private static int offset(CompiledModel model, String name) {
    return model.program().variables().stream()
        .filter(variable -> variable.name().equals(name))
        .mapToInt(variable -> (int) variable.offset())
        .findFirst()
        .orElseThrow();
  }
}
