package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;

/** Steps of whole programs, against loops over the formulas of the papers. */
class FormulaOptimizerTest {
  private static final double RATE = 0.02;
  private static final int STEPS = 12;
  private static final ModelSpec SPEC =
      Models.regression(Models.features(3), Models.dense(4, Activation.TANH), Models.dense(1));

  /** A weight, its gradient and what a formula keeps of it. */
  private static final class State {
    private final String name;
    private final int columns;
    private final double[] w;
    private double[] g;
    private final Map<String, double[]> kept = new HashMap<>();

    State(String name, int columns, double[] w) {
      this.name = name;
      this.columns = columns;
      this.w = w;
    }

    double[] kept(String slot) {
      return kept.computeIfAbsent(slot, it -> new double[w.length]);
    }

    double rootMeanSquare(IntToDoubleFunction value) {
      return Math.sqrt(
          IntStream.range(0, w.length).mapToDouble(value).map(x -> x * x).average().orElseThrow());
    }
  }

  private interface Formula {
    void step(int number, State state);
  }

  @Test
  void lambMakesAdamsStepAsLongAsTheWeight() {
    check(
        new Optimizer.Lamb(RATE, 0.9, 0.99, 1e-4, 0.1, Optimizer.NOT_DECAYED),
        (number, s) -> {
          double decay = s.name.endsWith("/bias") ? 0 : 0.1;
          double[] r = new double[s.w.length];
          for (int i = 0; i < r.length; i++) {
            double m = s.kept("m")[i] = 0.9 * s.kept("m")[i] + 0.1 * s.g[i];
            double v = s.kept("v")[i] = 0.99 * s.kept("v")[i] + 0.01 * s.g[i] * s.g[i];
            double mean = m / (1 - Math.pow(0.9, number));
            double variance = v / (1 - Math.pow(0.99, number));
            r[i] = mean / (Math.sqrt(variance) + 1e-4) + decay * s.w[i];
          }
          double w = s.rootMeanSquare(i -> s.w[i]);
          double trust = w == 0 ? 1 : w / s.rootMeanSquare(i -> r[i]);
          for (int i = 0; i < r.length; i++) {
            s.w[i] -= RATE * trust * r[i];
          }
        });
  }

  @Test
  void adafactorKeepsMeansOfRowsAndColumns() {
    check(
        new Optimizer.Adafactor(RATE, -0.8, 1e-8, 1e-3, 0.9),
        (number, s) -> {
          double beta = 1 - Math.pow(number, -0.8);
          int rows = s.w.length / s.columns;
          double[] change = new double[s.w.length];
          boolean matrix = s.name.endsWith("/kernel");
          double[] row = s.kept("row");
          double[] column = s.kept("column");
          for (int r = 0; r < rows && matrix; r++) {
            int first = r * s.columns;
            double mean =
                IntStream.range(0, s.columns)
                    .mapToDouble(c -> s.g[first + c] * s.g[first + c] + 1e-8)
                    .average()
                    .orElseThrow();
            row[r] = beta * row[r] + (1 - beta) * mean;
          }
          for (int c = 0; c < s.columns && matrix; c++) {
            int place = c;
            double mean =
                IntStream.range(0, rows)
                    .mapToDouble(r -> s.g[r * s.columns + place])
                    .map(g -> g * g + 1e-8)
                    .average()
                    .orElseThrow();
            column[c] = beta * column[c] + (1 - beta) * mean;
          }
          double mean = IntStream.range(0, rows).mapToDouble(r -> row[r]).average().orElseThrow();
          for (int i = 0; i < s.w.length; i++) {
            double v;
            if (matrix) {
              v = row[i / s.columns] * column[i % s.columns] / mean;
            } else {
              v = row[i] = beta * row[i] + (1 - beta) * (s.g[i] * s.g[i] + 1e-8);
            }
            change[i] = s.g[i] / Math.sqrt(v);
          }
          double size = Math.max(1, s.rootMeanSquare(i -> change[i]) / 0.9);
          double rate =
              Math.max(1e-3, s.rootMeanSquare(i -> s.w[i])) * Math.min(RATE, 1 / Math.sqrt(number));
          for (int i = 0; i < s.w.length; i++) {
            s.w[i] -= rate * change[i] / size;
          }
        });
  }

  @Test
  void lionStepsByTheSign() {
    check(
        new Optimizer.Lion(RATE, 0.8, 0.95, 0.2, List.of("dense_1/*")),
        (number, s) -> {
          double decay = s.name.startsWith("dense_1/") ? 0 : 0.2;
          for (int i = 0; i < s.w.length; i++) {
            double m = s.kept("m")[i];
            s.w[i] -= RATE * (Math.signum(0.8 * m + 0.2 * s.g[i]) + decay * s.w[i]);
            s.kept("m")[i] = 0.95 * m + 0.05 * s.g[i];
          }
        });
  }

  @Test
  void decayShrinksWeightsBeforeAdamSteps() {
    check(
        new Optimizer.AdamW(RATE, 0.9, 0.99, 1e-4, 0.3, Optimizer.NOT_DECAYED),
        (number, s) -> {
          double decay = s.name.endsWith("/bias") ? 0 : 0.3;
          double rate = RATE * Math.sqrt(1 - Math.pow(0.99, number)) / (1 - Math.pow(0.9, number));
          for (int i = 0; i < s.w.length; i++) {
            double m = s.kept("m")[i] = 0.9 * s.kept("m")[i] + 0.1 * s.g[i];
            double v = s.kept("v")[i] = 0.99 * s.kept("v")[i] + 0.01 * s.g[i] * s.g[i];
            s.w[i] -= RATE * decay * s.w[i] + rate * m / (Math.sqrt(v) + 1e-4);
          }
        });
  }

  @Test
  void adagradStartsFromItsInitialAccumulator() {
    check(
        new Optimizer.Adagrad(RATE, 0.2, 1e-4),
        (number, s) -> {
          for (int i = 0; i < s.w.length; i++) {
            double a = s.kept("a")[i] += s.g[i] * s.g[i];
            s.w[i] -= RATE * s.g[i] / Math.sqrt(0.2 + a + 1e-4);
          }
        });
  }

  private static void check(Optimizer optimizer, Formula formula) {
    CompiledModel compiled = ModelCompiler.compile(Models.with(SPEC, optimizer), 1);
    TrainingProgram program = compiled.program();
    TrainingProgram descent = ModelCompiler.compile(SPEC, 1).program();
    float[] initial = LocalProgram.vector(compiled);
    Map<Variable, State> states = new LinkedHashMap<>();
    for (Variable variable : descent.variables()) {
      double[] w = new double[(int) variable.size()];
      for (int i = 0; i < w.length; i++) {
        w[i] = initial[(int) variable.offset() + i];
      }
      int columns = variable.shape().get(variable.shape().size() - 1);
      states.put(variable, new State(variable.name(), columns, w));
    }
    float[] trained;
    try (LocalProgram local = new LocalProgram(program);
        LocalProgram slope = new LocalProgram(descent)) {
      local.load(examples()).assign(initial);
      slope.load(examples());
      for (int number = 1; number <= STEPS; number++) {
        local.train((float) RATE, number - 1, 0, Models.rows(5));
        float[] gradient = slope.gradient(vector(descent, states), Models.rows(5));
        for (Map.Entry<Variable, State> entry : states.entrySet()) {
          State state = entry.getValue();
          int offset = (int) entry.getKey().offset();
          state.g =
              IntStream.range(0, state.w.length).mapToDouble(i -> gradient[offset + i]).toArray();
          formula.step(number, state);
        }
      }
      trained = local.read();
    }
    states.forEach(
        (variable, state) -> {
          for (int i = 0; i < state.w.length; i++) {
            assertThat((double) trained[(int) variable.offset() + i])
                .as("%s, element %d", variable.name(), i)
                .isCloseTo(state.w[i], within(2e-5));
          }
        });
  }

  private static float[] vector(TrainingProgram program, Map<Variable, State> states) {
    float[] vector = new float[(int) program.vectorSize()];
    states.forEach(
        (variable, state) -> {
          for (int i = 0; i < state.w.length; i++) {
            vector[(int) variable.offset() + i] = (float) state.w[i];
          }
        });
    return vector;
  }

  private static List<Tensor> examples() {
    return List.of(floats(Models.normals(15, 3), 5, 3), floats(Models.normals(5, 4), 5));
  }
}
