package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

class LossScaleTest {
  private static final int ROWS = 8;
  private static final int FEATURES = 4;
  private static final ModelSpec LINE =
      Models.regression(Models.features(FEATURES), Models.dense(1));
  private static final ComputeType FLOAT16 = new ComputeType(ComputeType.Format.FLOAT16, List.of());
  private static final CompiledModel HALF = ModelCompiler.compile(LINE, 1, 1, FLOAT16);
  private static final CompiledModel EXACT = ModelCompiler.compile(LINE, 1);

  @Test
  void aGoodStepIsNearlyTheOneInFloat32() {
    float[] features = Models.normals(ROWS * FEATURES, 1);
    float[] labels = Models.normals(ROWS, 2);
    float[] half = trained(HALF, start(), features, labels, 0.1f);
    float[] exact = trained(EXACT, LocalProgram.vector(EXACT), features, labels, 0.1f);
    for (Variable variable : EXACT.program().variables()) {
      assertThat(half[at(variable.name())])
          .isCloseTo(exact[(int) variable.offset()], within(0.002f));
    }
    assertThat(half[at("loss_scale/exponent")]).isEqualTo(15);
    assertThat(half[at("loss_scale/good_steps")]).isEqualTo(1);
    assertThat(half[at("loss_scale/skipped_steps")]).isZero();
  }

  @Test
  void gradientsBelowTheSmallestFloat16AreNotLost() {
    float[] features = new float[ROWS * FEATURES];
    float[] labels = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = 1;
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = 0x1p-26f;
    }
    float[] zeros = start();
    for (int i = 0; i < FEATURES; i++) {
      zeros[i] = 0;
    }
    float[] after = trained(HALF, zeros, features, labels, 1);
    assertThat(after[0]).isCloseTo(0x1p-25f, within(0x1p-34f));
  }

  @Test
  void aStepThatOverflowsChangesNothingButTheScaleAndIsCounted() {
    float[] before = start();
    float[] after = trained(HALF, before, large(), new float[ROWS], 1e-9f);
    for (int i = 0; i < FEATURES; i++) {
      assertThat(after[i]).isEqualTo(before[i]);
    }
    assertThat(after[at("loss_scale/exponent")]).isEqualTo(14);
    assertThat(after[at("loss_scale/good_steps")]).isZero();
    assertThat(after[at("loss_scale/skipped_steps")]).isEqualTo(1);
  }

  @Test
  void theScaleFallsUntilStepsHaveAnEffectAgain() {
    float[] before = start();
    float[] vector = before.clone();
    int steps = 0;
    while (vector[0] == before[0] && steps < 20) {
      vector = trained(HALF, vector, large(), new float[ROWS], 1e-9f);
      steps++;
    }
    assertThat(vector[at("loss_scale/skipped_steps")]).isEqualTo(steps - 1).isPositive();
    assertThat(vector[at("loss_scale/exponent")]).isEqualTo(15 - (steps - 1));
  }

  @Test
  void manyGoodStepsInARowDoubleTheScale() {
    float[] vector = start();
    vector[at("loss_scale/good_steps")] = 999;
    float[] after = trained(HALF, vector, new float[ROWS * FEATURES], new float[ROWS], 0.1f);
    assertThat(after[at("loss_scale/exponent")]).isEqualTo(16);
    assertThat(after[at("loss_scale/good_steps")]).isZero();
  }

  @Test
  void afterAnAverageTheLowerScaleHolds() {
    float[] vector = start();
    vector[at("loss_scale/exponent")] = 14.75f;
    float[] after = trained(HALF, vector, new float[ROWS * FEATURES], new float[ROWS], 0.1f);
    assertThat(after[at("loss_scale/exponent")]).isEqualTo(14);
  }

  @Test
  void onlyProductsAreCastAndNotThoseOfLayersThatStayInFloat32() {
    ModelSpec deep =
        Models.regression(
            Models.features(FEATURES), Models.dense(8, Activation.RELU), Models.dense(1));
    ComputeType type = new ComputeType(ComputeType.Format.FLOAT16, List.of("dense_1"));
    TrainingProgram program = ModelCompiler.compile(deep, 1, 1, type).program();
    List<NodeDef> products =
        LocalProgram.graphDef(program).getNodeList().stream()
            .filter(node -> node.getOp().equals("MatMul"))
            .filter(node -> !node.getName().startsWith("evaluation"))
            .toList();
    Map<DataType, Long> counts =
        products.stream().collect(groupingBy(LossScaleTest::type, counting()));
    assertThat(counts).isEqualTo(Map.of(DataType.DT_HALF, 3L, DataType.DT_FLOAT, 3L));
  }

  @Test
  void aPatternOfNoLayerIsRefused() {
    ComputeType type = new ComputeType(ComputeType.Format.FLOAT16, List.of("conv*"));
    assertThatThrownBy(() -> ModelCompiler.compile(LINE, 1, 1, type))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a pattern of layers in float32 must match one, but 'conv*' matched none of"
                + " [dense_0]; correct it, or leave it out");
  }

  private static DataType type(NodeDef node) {
    return node.getAttrOrThrow("T").getType();
  }

  private static float[] start() {
    return LocalProgram.vector(HALF);
  }

  /** A loss whose gradients fit into float16, but not times the first scale. */
  private static float[] large() {
    float[] features = new float[ROWS * FEATURES];
    for (int i = 0; i < features.length; i++) {
      features[i] = 10 * (i % FEATURES + 1);
    }
    return features;
  }

  private static int at(String name) {
    return HALF.program().variables().stream()
        .filter(variable -> variable.name().equals(name))
        .mapToInt(variable -> (int) variable.offset())
        .findFirst()
        .orElseThrow();
  }

  private static float[] trained(
      CompiledModel model, float[] vector, float[] features, float[] labels, float rate) {
    try (LocalProgram local = new LocalProgram(model.program())) {
      local
          .load(List.of(floats(features, ROWS, FEATURES), floats(labels, ROWS)))
          .assign(vector)
          .train(rate, 0, 0, Models.rows(ROWS));
      return local.read();
    }
  }
}
