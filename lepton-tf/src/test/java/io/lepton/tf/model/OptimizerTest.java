package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;

class OptimizerTest {
  private static final float RATE = 0.05f;
  private static final long STEP = 3;
  private static final ModelSpec SPEC =
      Models.regression(Models.features(3), Models.dense(4, Activation.TANH), Models.dense(1));

  @Test
  void gradientDescentSubtractsTheGradient() {
    check(
        new Optimizer.Sgd(RATE, 0),
        (values, gradient) -> Map.of("", values.get("") - RATE * gradient));
  }

  @Test
  void momentumAddsUpGradients() {
    check(
        new Optimizer.Sgd(RATE, 0.9),
        (values, gradient) -> {
          double v = 0.9 * values.get("/v") + gradient;
          return Map.of("", values.get("") - RATE * v, "/v", v);
        });
  }

  @Test
  void adamCorrectsItsMomentsForTheStep() {
    check(
        new Optimizer.Adam(RATE, 0.9, 0.99, 1e-3),
        (values, gradient) -> {
          double m = 0.9 * values.get("/m") + (1 - 0.9) * gradient;
          double v = 0.99 * values.get("/v") + (1 - 0.99) * gradient * gradient;
          double rate =
              RATE * Math.sqrt(1 - Math.pow(0.99, STEP + 1)) / (1 - Math.pow(0.9, STEP + 1));
          return Map.of("", values.get("") - rate * m / (Math.sqrt(v) + 1e-3), "/m", m, "/v", v);
        });
  }

  @Test
  void theRateComesFromItsPort() {
    ModelSpec spec = Models.with(SPEC, new Optimizer.Sgd(123, 0.5));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] before = Models.randomWeights(program, 2);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(before).train(0, 0, 0, Models.rows(5));
      Variable kernel = program.variables().get(0);
      assertThat(local.read()).startsWith(Arrays.copyOf(before, (int) kernel.size()));
    }
  }

  @Test
  void theTrainingSummaryIsOfTheWeightsBeforeTheUpdate() {
    TrainingProgram program = ModelCompiler.compile(SPEC, 1).program();
    float[] before = Models.randomWeights(program, 2);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(before);
      float[] expected = local.evaluate(Models.rows(5));
      int means = 2 + Models.loss(SPEC).means().size();
      float[] measuredInSteps = Arrays.copyOf(expected, means);
      for (int i = 0; i < 20; i++) {
        assertThat(local.assign(before).train(1, 0, 0, Models.rows(5))).isEqualTo(measuredInSteps);
      }
      assertThat(local.evaluate(Models.rows(5))).isNotEqualTo(expected);
    }
  }

  /** One element of a weight ("") and of its slots, and what a step makes of them. */
  private interface Rule {
    Map<String, Double> step(Map<String, Double> values, double gradient);
  }

  private static void check(Optimizer optimizer, Rule rule) {
    TrainingProgram program = ModelCompiler.compile(Models.with(SPEC, optimizer), 1).program();
    float[] before = Models.randomWeights(program, 2);
    for (Variable variable : program.variables()) {
      for (int i = 0; !variable.trainable() && i < variable.size(); i++) {
        before[(int) variable.offset() + i] = 0.01f * (i + 1);
      }
    }
    float[] gradient = gradient(before);
    float[] after;
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples()).assign(before).train(RATE, STEP, 0, Models.rows(5));
      after = local.read();
    }
    Map<String, Variable> variables =
        program.variables().stream().collect(Collectors.toMap(Variable::name, v -> v));
    for (Variable weight : program.variables()) {
      for (int i = 0; weight.trainable() && i < weight.size(); i++) {
        int element = i;
        Map<String, Integer> places =
            variables.keySet().stream()
                .filter(name -> name.startsWith(weight.name()))
                .collect(
                    Collectors.toMap(
                        name -> name.substring(weight.name().length()),
                        name -> (int) variables.get(name).offset() + element));
        Map<String, Double> values =
            places.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> (double) before[e.getValue()]));
        Map<String, Double> expected = rule.step(values, gradient[places.get("")]);
        assertThat(places).containsOnlyKeys(expected.keySet());
        expected.forEach(
            (slot, value) ->
                assertThat(after[places.get(slot)])
                    .as("%s%s, element %d", weight.name(), slot, element)
                    .isCloseTo(value.floatValue(), within(2e-6f)));
      }
    }
  }

  /** Weights lie at the same places whatever the optimizer. */
  private static float[] gradient(float[] vector) {
    TrainingProgram descent = ModelCompiler.compile(SPEC, 1).program();
    try (LocalProgram local = new LocalProgram(descent)) {
      float[] weights = Arrays.copyOf(vector, (int) descent.vectorSize());
      return local.load(examples()).gradient(weights, Models.rows(5));
    }
  }

  private static List<Tensor> examples() {
    return List.of(floats(Models.normals(15, 3), 5, 3), floats(Models.normals(5, 4), 5));
  }
}
