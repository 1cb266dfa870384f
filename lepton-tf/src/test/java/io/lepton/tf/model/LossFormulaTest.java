package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/** Each loss of an example against its formula in doubles, and its gradient. */
class LossFormulaTest {
  private static final int EXAMPLES = 12;

  /** Of the outputs and labels of one example. */
  interface Formula {
    double of(double[] x, double[] y);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource
  void lossAndGradientAreThoseOfTheFormula(
      Loss loss, List<Integer> output, List<Integer> label, Formula formula) {
    int width = (int) Shapes.elements(output);
    int elements = (int) Shapes.elements(label);
    float[] x = Models.normals(EXAMPLES * width, 3);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 2;
    }
    double[] y = labels(loss, EXAMPLES * elements);
    ElementType type = loss instanceof MeasuredLoss ? ElementType.FLOAT32 : ElementType.INT32;
    ColumnSpec column = new ColumnSpec("y", type, label);
    ModelInput input = Models.input("x", ElementType.FLOAT32, output.toArray(Integer[]::new));
    try (OutputProgram program = new OutputProgram(input, Target.of(column, loss), false)) {
      program.load(List.of(floats(x, input.column().tensorShape(EXAMPLES)), tensor(column, y)));
      for (int row = 0; row < EXAMPLES; row++) {
        double[] outputs = part(x, row, width);
        double[] labels = new double[elements];
        System.arraycopy(y, row * elements, labels, 0, elements);
        double expected = formula.of(outputs, labels);
        assertThat((double) program.evaluate(row)[0])
            .isCloseTo(expected, within(2e-5 * Math.max(1, Math.abs(expected))));
        float[] gradient = program.gradient(row);
        for (int i = 0; i < width; i++) {
          double slope = slope(formula, outputs, labels, i);
          assertThat((double) gradient[i])
              .isCloseTo(slope, within(1e-4 * Math.max(1, Math.abs(slope))));
        }
      }
    }
  }

  static Stream<Arguments> lossAndGradientAreThoseOfTheFormula() {
    List<Integer> scalar = List.of();
    List<Integer> one = List.of(1);
    List<Integer> four = List.of(4);
    List<Integer> pixels = List.of(2, 3);
    List<Integer> logits = List.of(2, 3, 4);
    return Stream.of(
        arguments(
            new Loss.Softmax(4, 0.2), four, scalar, (Formula) (x, y) -> smooth(x, (int) y[0], 0.2)),
        arguments(
            new Loss.Softmax(4),
            logits,
            pixels,
            (Formula) (x, y) -> mean(x, y, 4, (o, c) -> smooth(o, c, 0))),
        arguments(
            new Loss.Sigmoid(0.1, 3),
            one,
            scalar,
            (Formula)
                (x, y) -> {
                  double truth = 0.9 * y[0] + 0.05;
                  return -3 * truth * Math.log(sigmoid(x[0]))
                      - (1 - truth) * Math.log(1 - sigmoid(x[0]));
                }),
        arguments(
            new ClassLoss.Focal(2, 2, 0.25),
            one,
            scalar,
            (Formula) (x, y) -> focal(signed(x[0], y[0]), 2, y[0] == 1 ? 0.25 : 0.75)),
        arguments(
            new ClassLoss.Focal(2, 0.5, 1),
            List.of(2),
            scalar,
            (Formula) (x, y) -> focal(softmax(x)[(int) y[0]], 0.5, 1)),
        arguments(
            new ClassLoss.Focal(4, 1.5, 0.25),
            logits,
            pixels,
            (Formula) (x, y) -> mean(x, y, 4, (o, c) -> focal(softmax(o)[c], 1.5, 0.25))),
        arguments(
            new ClassLoss.Hinge(2),
            one,
            scalar,
            (Formula) (x, y) -> Math.max(0, 1 - (2 * y[0] - 1) * x[0])),
        arguments(new ClassLoss.Hinge(4), four, scalar, (Formula) (x, y) -> hinge(x, (int) y[0])),
        arguments(
            new ClassLoss.Dice(2, false),
            pixels,
            pixels,
            (Formula) (x, y) -> 1 - dice(sigmoids(x), y)),
        arguments(
            new ClassLoss.Dice(2, true),
            List.of(2, 3, 1),
            pixels,
            (Formula)
                (x, y) ->
                    1 - dice(sigmoids(x), y) + mean(x, y, 1, (o, c) -> -Math.log(signed(o[0], c)))),
        arguments(new ClassLoss.Dice(4, false), logits, pixels, (Formula) LossFormulaTest::dices),
        arguments(
            new ClassLoss.Dice(4, true),
            logits,
            pixels,
            (Formula) (x, y) -> dices(x, y) + mean(x, y, 4, (o, c) -> smooth(o, c, 0))),
        arguments(
            new MeasuredLoss.AbsoluteError(),
            one,
            scalar,
            (Formula) (x, y) -> Math.abs(x[0] - y[0])),
        arguments(new MeasuredLoss.Huber(0.7), four, four, (Formula) (x, y) -> huber(x, y, 0.7)),
        arguments(
            new MeasuredLoss.LogCosh(),
            one,
            scalar,
            (Formula) (x, y) -> Math.log(Math.cosh(x[0] - y[0]))),
        arguments(
            new MeasuredLoss.Poisson(),
            one,
            scalar,
            (Formula) (x, y) -> Math.exp(x[0]) - y[0] * x[0]),
        arguments(
            new RankingLoss.Contrastive(4),
            List.of(2, 3),
            scalar,
            (Formula)
                (x, y) -> {
                  double distance = Math.sqrt(square(x, 0, 3, 3));
                  return y[0] == 1 ? distance * distance : Math.pow(Math.max(0, 4 - distance), 2);
                }),
        arguments(
            new RankingLoss.Triplet(0.5),
            List.of(3, 3),
            scalar,
            (Formula) (x, y) -> Math.max(0, square(x, 0, 3, 3) - square(x, 0, 6, 3) + 0.5)),
        arguments(
            new RankingLoss.Bpr(),
            four,
            scalar,
            (Formula)
                (x, y) -> {
                  double loss = 0;
                  for (int i = 1; i < 4; i++) {
                    loss -= Math.log(sigmoid(x[0] - x[i])) / 3;
                  }
                  return loss;
                }));
  }

  private interface ElementLoss {
    double of(double[] outputs, int label);
  }

  private static double mean(double[] x, double[] y, int width, ElementLoss each) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double[] outputs = new double[width];
      System.arraycopy(x, i * width, outputs, 0, width);
      sum += each.of(outputs, (int) y[i]);
    }
    return sum / y.length;
  }

  private static double smooth(double[] x, int label, double smoothing) {
    double[] p = softmax(x);
    double loss = 0;
    for (int c = 0; c < x.length; c++) {
      double truth = smoothing / x.length + (c == label ? 1 - smoothing : 0);
      loss -= truth * Math.log(p[c]);
    }
    return loss;
  }

  private static double focal(double p, double gamma, double alpha) {
    return -alpha * Math.pow(1 - p, gamma) * Math.log(p);
  }

  private static double hinge(double[] x, int label) {
    double loss = 0;
    for (int c = 0; c < x.length; c++) {
      loss = Math.max(loss, c == label ? 0 : 1 + x[c] - x[label]);
    }
    return loss;
  }

  private static double dice(double[] p, double[] t) {
    double overlap = 0;
    double size = 0;
    for (int i = 0; i < p.length; i++) {
      overlap += p[i] * t[i];
      size += p[i] + t[i];
    }
    return (2 * overlap + 1) / (size + 1);
  }

  private static double dices(double[] x, double[] y) {
    double sum = 0;
    for (int c = 0; c < 4; c++) {
      double[] p = new double[y.length];
      double[] t = new double[y.length];
      for (int i = 0; i < y.length; i++) {
        p[i] = softmax(new double[] {x[4 * i], x[4 * i + 1], x[4 * i + 2], x[4 * i + 3]})[c];
        t[i] = y[i] == c ? 1 : 0;
      }
      sum += dice(p, t) / 4;
    }
    return 1 - sum;
  }

  private static double huber(double[] x, double[] y, double delta) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double e = Math.abs(x[i] - y[i]);
      sum += e <= delta ? e * e / 2 : delta * (e - delta / 2);
    }
    return sum / x.length;
  }

  private static double square(double[] x, int from, int to, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.pow(x[from + i] - x[to + i], 2);
    }
    return sum;
  }

  private static double[] softmax(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value);
    }
    double[] p = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      p[c] = Math.exp(x[c]) / sum;
    }
    return p;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double signed(double x, double label) {
    return sigmoid(label == 1 ? x : -x);
  }

  private static double[] sigmoids(double[] x) {
    double[] p = x.clone();
    for (int i = 0; i < p.length; i++) {
      p[i] = sigmoid(p[i]);
    }
    return p;
  }

  private static double slope(Formula formula, double[] x, double[] y, int at) {
    double step = 1e-6;
    double[] more = x.clone();
    double[] less = x.clone();
    more[at] += step;
    less[at] -= step;
    return (formula.of(more, y) - formula.of(less, y)) / (2 * step);
  }

  private static double[] part(float[] values, int row, int width) {
    double[] part = new double[width];
    for (int i = 0; i < width; i++) {
      part[i] = values[row * width + i];
    }
    return part;
  }

  /** Classes, or counts for losses of numbers. */
  private static double[] labels(Loss loss, int size) {
    Random random = new Random(5);
    double[] labels = new double[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(Math.max(2, loss.classes()));
    }
    return labels;
  }

  private static Tensor tensor(ColumnSpec column, double[] values) {
    long[] shape =
        LongStream.concat(
                LongStream.of(EXAMPLES), column.shape().stream().mapToLong(Integer::longValue))
            .toArray();
    if (column.type() == ElementType.FLOAT32) {
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats(floats, shape);
    }
    int[] integers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (int) values[i];
    }
    return TInt32.tensorOf(Shape.of(shape), DataBuffers.of(integers));
  }
}
