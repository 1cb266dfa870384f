package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;

class UpdateOptionsTest {
  private static final float RATE = 0.05f;
  private static final Optimizer ADAM = new Optimizer.Adam(RATE, 0.9, 0.99, 1e-3);
  private static final ModelSpec SPEC =
      Models.regression(Models.features(3), Models.dense(4, Activation.TANH), Models.dense(1));

  private interface Change {
    double of(Variable weight, int element);
  }

  @Test
  void elementsAreClippedToTheirLimit() {
    float[] gradient = gradient();
    checkDescent(
        options(new Clipping.ByValue(0.1), 1),
        (weight, i) -> Math.max(-0.1, Math.min(0.1, gradient[(int) weight.offset() + i])));
  }

  @Test
  void theGradientOfEachWeightIsScaledToItsNorm() {
    float[] gradient = gradient();
    checkDescent(
        options(new Clipping.ByNorm(0.3), 1),
        (weight, i) -> {
          double norm = 0;
          for (int j = 0; j < weight.size(); j++) {
            norm += Math.pow(gradient[(int) weight.offset() + j], 2);
          }
          return gradient[(int) weight.offset() + i] * Math.min(1, 0.3 / Math.sqrt(norm));
        });
  }

  @Test
  void allGradientsAreScaledByTheNormOverAll() {
    float[] gradient = gradient();
    double squares = 0;
    for (float g : gradient) {
      squares += g * g;
    }
    double norm = Math.sqrt(squares);
    checkDescent(
        options(new Clipping.ByGlobalNorm(0.5), 1),
        (weight, i) -> gradient[(int) weight.offset() + i] * 0.5 / norm);
    checkDescent(
        options(new Clipping.ByGlobalNorm(2 * norm), 1),
        (weight, i) -> gradient[(int) weight.offset() + i]);
  }

  @Test
  void ratesOfAllPatternsThatMatchMultiply() {
    float[] gradient = gradient();
    UpdateOptions options =
        new UpdateOptions(
            new Clipping.None(), 1, false, List.of(), Map.of("dense_1/*", 10.0, "*/bias", 0.5));
    checkDescent(
        options,
        (weight, i) ->
            gradient[(int) weight.offset() + i]
                * (weight.name().startsWith("dense_1/") ? 10 : 1)
                * (weight.name().endsWith("/bias") ? 0.5 : 1));
  }

  @Test
  void stepsThatAccumulateAreOneOnALargerBatch() {
    TrainingProgram whole = compile(ADAM, UpdateOptions.PLAIN);
    TrainingProgram parts = compile(ADAM, options(new Clipping.ByGlobalNorm(1), 3));
    TrainingProgram clipped = compile(ADAM, options(new Clipping.ByGlobalNorm(1), 1));
    float[] start = Models.randomWeights(parts, 2);
    try (LocalProgram one = new LocalProgram(clipped);
        LocalProgram three = new LocalProgram(parts)) {
      one.load(examples()).assign(Arrays.copyOf(start, (int) whole.vectorSize()));
      three.load(examples()).assign(start);
      for (int update = 0; update < 3; update++) {
        float[] before = three.read();
        three.train(RATE, 3L * update, 0, 0, 1);
        three.train(RATE, 3L * update + 1, 0, 2, 3);
        assertThat(Arrays.copyOf(three.read(), (int) whole.vectorSize()))
            .isEqualTo(Arrays.copyOf(before, (int) whole.vectorSize()));
        three.train(RATE, 3L * update + 2, 0, 4);
        one.train(RATE, update, 0, Models.rows(5));
        assertClose(Arrays.copyOf(three.read(), (int) whole.vectorSize()), one.read());
      }
    }
    assertThat(parts.variables())
        .extracting(Variable::name)
        .contains("dense_0/kernel/sum", "optimizer/accumulated");
  }

  @Test
  void whatWasAccumulatedIsForgottenAfterTheUpdate() {
    TrainingProgram program = compile(ADAM, options(new Clipping.None(), 2));
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(Models.randomWeights(program, 2));
      local.train(RATE, 0, 0, 0, 1);
      Variable last = program.variables().get(program.variables().size() - 1);
      assertThat(local.read()[(int) last.offset()]).isEqualTo(2);
      local.train(RATE, 1, 0, 2, 3);
      float[] after = local.read();
      for (Variable variable : program.variables()) {
        for (int i = 0; variable.name().endsWith("/sum") && i < variable.size(); i++) {
          assertThat(after[(int) variable.offset() + i]).isZero();
        }
      }
      assertThat(after[(int) last.offset()]).isZero();
    }
  }

  @Test
  void frozenWeightsStayAndKeepNoState() {
    UpdateOptions options =
        new UpdateOptions(new Clipping.None(), 1, false, List.of("dense_0/*"), Map.of());
    TrainingProgram program = compile(ADAM, options);
    assertThat(program.variables())
        .extracting(Variable::name)
        .containsExactly(
            "dense_0/kernel",
            "dense_0/bias",
            "dense_1/kernel",
            "dense_1/bias",
            "dense_1/kernel/m",
            "dense_1/kernel/v",
            "dense_1/bias/m",
            "dense_1/bias/v");
    float[] start = Models.randomWeights(program, 2);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(start).train(RATE, 0, 0, Models.rows(5));
      float[] after = local.read();
      for (Variable variable : program.variables()) {
        int at = (int) variable.offset();
        if (variable.name().startsWith("dense_0/")) {
          assertThat(Arrays.copyOfRange(after, at, at + (int) variable.size()))
              .isEqualTo(Arrays.copyOfRange(start, at, at + (int) variable.size()));
        } else {
          assertThat(after[at]).isNotEqualTo(start[at]);
        }
      }
    }
    assertThat(LocalProgram.graphDef(program).getNodeList())
        .extracting(node -> node.getOp())
        .containsOnlyOnce("BiasAddGrad");
  }

  @Test
  void aPatternOfNothingIsRefused() {
    UpdateOptions frozen =
        new UpdateOptions(new Clipping.None(), 1, false, List.of("dense/*"), Map.of());
    assertThatThrownBy(() -> compile(ADAM, frozen))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a pattern of weights must match one, but 'dense/*' matched none of [dense_0/kernel, dense_0/bias, dense_1/kernel, dense_1/bias]; correct it, or leave it out");
    UpdateOptions rates =
        new UpdateOptions(new Clipping.None(), 1, false, List.of(), Map.of("head/*", 2.0));
    assertThatThrownBy(() -> compile(ADAM, rates)).hasMessageContaining("'head/*'");
  }

  @Test
  void freezingEverythingIsRefused() {
    UpdateOptions frozen = new UpdateOptions(new Clipping.None(), 1, false, List.of("*"), Map.of());
    assertThatThrownBy(() -> compile(ADAM, frozen))
        .hasMessageStartingWith("a weight must be trained, but [*] froze all of [dense_0/kernel,");
  }

  @Test
  void lazyUpdatesDoNotAccumulate() {
    assertThatThrownBy(() -> new UpdateOptions(new Clipping.None(), 2, true, List.of(), Map.of()))
        .hasMessage("lazy updates must be of one step each, but accumulate was: 2");
  }

  @Test
  void starsStandForAnyCharactersAndAllElseForItself() {
    assertThat(new NamePattern("dense_*/bias").matches("dense_10/bias")).isTrue();
    assertThat(new NamePattern("*").matches("a/b/c")).isTrue();
    assertThat(new NamePattern("*/bias").matches("dense/kernel")).isFalse();
    assertThat(new NamePattern("d.*").matches("dense")).isFalse();
    assertThat(new NamePattern("dense").matches("dense_0")).isFalse();
  }

  private static void checkDescent(UpdateOptions options, Change change) {
    TrainingProgram program = compile(new Optimizer.Sgd(1, 0), options);
    float[] start = Models.randomWeights(program, 2);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(start).train(RATE, 0, 0, Models.rows(5));
      float[] after = local.read();
      for (Variable weight : program.variables()) {
        for (int i = 0; i < weight.size(); i++) {
          int place = (int) weight.offset() + i;
          assertThat((double) after[place])
              .as("%s %d", weight.name(), i)
              .isCloseTo(start[place] - RATE * change.of(weight, i), within(1e-6));
        }
      }
    }
  }

  private static float[] gradient() {
    TrainingProgram program = compile(new Optimizer.Sgd(1, 0), UpdateOptions.PLAIN);
    try (LocalProgram local = new LocalProgram(program)) {
      return local.load(examples()).gradient(Models.randomWeights(program, 2), Models.rows(5));
    }
  }

  private static UpdateOptions options(Clipping clipping, int accumulate) {
    return new UpdateOptions(clipping, accumulate, false, List.of(), Map.of());
  }

  private static TrainingProgram compile(Optimizer optimizer, UpdateOptions options) {
    return ModelCompiler.compile(Models.with(SPEC, optimizer, options), 1).program();
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(2e-6f));
    }
  }

  private static List<Tensor> examples() {
    return List.of(floats(Models.normals(15, 3), 5, 3), floats(Models.normals(5, 4), 5));
  }
}
