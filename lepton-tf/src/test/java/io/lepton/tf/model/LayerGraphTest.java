package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayerGraphTest {
  private static final int EXAMPLES = 3;

  @ParameterizedTest
  @CsvSource({
    "1, 1, VALID",
    "3, 1, VALID",
    "3, 1, SAME",
    "2, 1, SAME",
    "2, 2, VALID",
    "3, 2, SAME",
    "2, 3, SAME",
    "3, 3, VALID",
    "4, 3, SAME"
  })
  void convolutionAndPoolingAreTheSumMaximumAndMeanOfEachWindow(
      int size, int strides, Padding padding) {
    List<Integer> input = List.of(7, 6, 2);
    float[] x = Models.normals(EXAMPLES * 7 * 6 * 2, 1);
    float[] kernel = Models.normals(size * size * 2 * 3, 2);
    float[] bias = Models.normals(3, 3);
    Layer convolution = new Layer.Conv2d(3, size, strides, padding, Activation.LINEAR, true);
    Layer pooling = new PoolingLayer.MaxPooling2d(size, strides, padding);

    assertClose(
        run(convolution, input, x, Map.of("conv2d_0/kernel", kernel, "conv2d_0/bias", bias)),
        windows(
            input,
            x,
            size,
            strides,
            padding,
            3,
            (window, filter) -> {
              double sum = bias[filter];
              for (int tap = 0; tap < size * size; tap++) {
                for (int c = 0; c < 2 && window[tap] != null; c++) {
                  sum += window[tap][c] * kernel[(tap * 2 + c) * 3 + filter];
                }
              }
              return sum;
            }));
    assertClose(
        run(pooling, input, x, Map.of()),
        windows(
            input,
            x,
            size,
            strides,
            padding,
            2,
            (window, channel) -> {
              double max = Double.NEGATIVE_INFINITY;
              for (float[] pixel : window) {
                max = pixel == null ? max : Math.max(max, pixel[channel]);
              }
              return max;
            }));
    assertClose(
        run(new PoolingLayer.AveragePooling2d(size, strides, padding), input, x, Map.of()),
        windows(
            input,
            x,
            size,
            strides,
            padding,
            2,
            (window, channel) ->
                Arrays.stream(window)
                    .filter(Objects::nonNull)
                    .mapToDouble(pixel -> pixel[channel])
                    .average()
                    .orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, VALID", "3, 1, VALID", "2, 1, SAME", "3, 2, SAME", "2, 2, VALID"})
  void convolutionOfASequenceIsTheSumOfEachWindow(int size, int strides, Padding padding) {
    float[] x = Models.normals(EXAMPLES * 7 * 2, 1);
    float[] kernel = Models.normals(size * 2 * 3, 2);
    float[] bias = Models.normals(3, 3);
    int outputs = outputs(7, size, strides, padding);
    int before = padding == Padding.SAME ? before(7, outputs, size, strides) : 0;
    double[] expected = new double[EXAMPLES * outputs * 3];
    for (int at = 0; at < expected.length; at++) {
      int filter = at % 3;
      int first = at / 3 % outputs * strides - before;
      expected[at] = bias[filter];
      for (int tap = 0; tap < size; tap++) {
        for (int c = 0; c < 2 && first + tap >= 0 && first + tap < 7; c++) {
          int element = (at / 3 / outputs * 7 + first + tap) * 2 + c;
          expected[at] += x[element] * kernel[(tap * 2 + c) * 3 + filter];
        }
      }
    }
    assertClose(
        run(
            new Layer.Conv1d(3, size, strides, padding, Activation.LINEAR, true),
            List.of(7, 2),
            x,
            Map.of("conv1d_0/kernel", kernel, "conv1d_0/bias", bias)),
        expected);
  }

  @Test
  void denseIsAProductAndABias() {
    float[] x = Models.normals(EXAMPLES * 4, 1);
    float[] kernel = Models.normals(4 * 2, 2);
    float[] bias = {0.5f, -2};
    double[] expected = new double[EXAMPLES * 2];
    for (int n = 0; n < EXAMPLES; n++) {
      for (int unit = 0; unit < 2; unit++) {
        expected[n * 2 + unit] = bias[unit];
        for (int i = 0; i < 4; i++) {
          expected[n * 2 + unit] += x[n * 4 + i] * kernel[i * 2 + unit];
        }
      }
    }
    Layer layer = Models.dense(2);
    assertClose(
        run(layer, List.of(4), x, Map.of("dense_0/kernel", kernel, "dense_0/bias", bias)),
        expected);
  }

  @Test
  void rescalingMultipliesThenAdds() {
    float[] x = Models.normals(EXAMPLES * 2, 1);
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = x[i] * 0.25 - 3;
    }
    assertClose(run(new Layer.Rescaling(0.25, -3), List.of(2), x, Map.of()), expected);
  }

  @Test
  void flattenAndReshapeKeepTheOrderOfElements() {
    float[] x = Models.normals(EXAMPLES * 12, 1);
    assertThat(run(new Layer.Reshape(List.of(6, 2)), List.of(2, 3, 2), x, Map.of())).isEqualTo(x);
    assertThat(run(new Layer.Flatten(), List.of(2, 3, 2), x, Map.of())).isEqualTo(x);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SOFTMAX", "LOG_SOFTMAX", "GELU"})
  void activationsAreTheirFormulas(Activation activation) {
    float[] x = Models.normals(EXAMPLES * 8, 1);
    x[0] = 9;
    x[1] = -9;
    x[2] = 0;
    DoubleUnaryOperator formula = formula(activation);
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = formula.applyAsDouble(x[i]);
    }
    assertClose(run(new Layer.ActivationLayer(activation), List.of(8), x, Map.of()), expected);
  }

  @Test
  void rectifiersHaveTheSlopesThatAreChosenOrLearned() {
    float[] x = {-1, 2, -3, 4, -5, 6, -7, -8};
    assertClose(
        run(new RectifierLayer.LeakyRelu(0.5), List.of(2, 2), x, Map.of()),
        -0.5,
        2,
        -1.5,
        4,
        -2.5,
        6,
        -3.5,
        -4);
    assertClose(
        run(
            new RectifierLayer.Prelu(List.of()),
            List.of(2, 2),
            x,
            Map.of("prelu_0/alpha", new float[] {0.5f, 0.25f, 2, -1})),
        -0.5,
        2,
        -6,
        4,
        -2.5,
        6,
        -14,
        8);
    assertClose(
        run(
            new RectifierLayer.Prelu(List.of(1)),
            List.of(2, 2),
            x,
            Map.of("prelu_0/alpha", new float[] {0.5f, 0.25f})),
        -0.5,
        2,
        -1.5,
        4,
        -2.5,
        6,
        -3.5,
        -2);
  }

  @Test
  void geluIsTheExactOne() {
    float[] x = {-1, 0, 2};
    double[] expected = {-0.158655254, 0, 1.954499736};
    assertClose(run(new Layer.ActivationLayer(Activation.GELU), List.of(1), x, Map.of()), expected);
  }

  @Test
  void softmaxRunsOverTheLastDimension() {
    float[] x = Models.normals(EXAMPLES * 2 * 2 * 3, 1);
    double[] expected = new double[x.length];
    for (int row = 0; row < x.length; row += 3) {
      double sum = Math.exp(x[row]) + Math.exp(x[row + 1]) + Math.exp(x[row + 2]);
      for (int i = row; i < row + 3; i++) {
        expected[i] = Math.exp(x[i]) / sum;
      }
    }
    assertClose(
        run(new Layer.ActivationLayer(Activation.SOFTMAX), List.of(2, 2, 3), x, Map.of()),
        expected);
    double[] logarithms = Arrays.stream(expected).map(Math::log).toArray();
    assertClose(
        run(new Layer.ActivationLayer(Activation.LOG_SOFTMAX), List.of(2, 2, 3), x, Map.of()),
        logarithms);
  }

  private static DoubleUnaryOperator formula(Activation activation) {
    double alpha = 1.6732632423543772;
    double scale = 1.0507009873554805;
    return switch (activation) {
      case LINEAR -> x -> x;
      case RELU -> x -> Math.max(x, 0);
      case RELU6 -> x -> Math.min(Math.max(x, 0), 6);
      case LEAKY_RELU -> x -> x < 0 ? 0.2 * x : x;
      case ELU -> x -> x < 0 ? Math.expm1(x) : x;
      case SELU -> x -> scale * (x < 0 ? alpha * Math.expm1(x) : x);
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> x -> Math.log1p(Math.exp(x));
      case SWISH -> x -> x / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
      case SILU -> x -> x / (1 + Math.exp(-x));
      case HARD_SIGMOID -> x -> Math.min(Math.max(x + 3, 0), 6) / 6;
      case HARD_SWISH, HARD_SILU -> x -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case SOFTSIGN -> x -> x / (1 + Math.abs(x));
      case MISH -> x -> x * Math.tanh(Math.log1p(Math.exp(x)));
      case EXPONENTIAL -> Math::exp;
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SOFTMAX, LOG_SOFTMAX, GELU -> throw new AssertionError(activation);
    };
  }

  private interface WindowRule {
    /** Pixels of the window row by row, null outside the image. */
    double apply(float[][] window, int outputChannel);
  }

  private static double[] windows(
      List<Integer> input,
      float[] x,
      int size,
      int strides,
      Padding padding,
      int channels,
      WindowRule rule) {
    int height = input.get(0);
    int width = input.get(1);
    int depth = input.get(2);
    int rows = outputs(height, size, strides, padding);
    int columns = outputs(width, size, strides, padding);
    int top = padding == Padding.SAME ? before(height, rows, size, strides) : 0;
    int left = padding == Padding.SAME ? before(width, columns, size, strides) : 0;
    double[] result = new double[EXAMPLES * rows * columns * channels];
    int at = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          float[][] window = new float[size * size][];
          for (int tap = 0; tap < size * size; tap++) {
            int y = row * strides - top + tap / size;
            int z = column * strides - left + tap % size;
            if (y >= 0 && y < height && z >= 0 && z < width) {
              int pixel = ((n * height + y) * width + z) * depth;
              window[tap] = Arrays.copyOfRange(x, pixel, pixel + depth);
            }
          }
          for (int channel = 0; channel < channels; channel++) {
            result[at++] = rule.apply(window, channel);
          }
        }
      }
    }
    return result;
  }

  private static int outputs(int length, int size, int strides, Padding padding) {
    int last = padding == Padding.SAME ? length - 1 : length - size;
    return last / strides + 1;
  }

  private static int before(int length, int outputs, int size, int strides) {
    return Math.max(0, (outputs - 1) * strides + size - length) / 2;
  }

  private static float[] run(
      Layer layer, List<Integer> input, float[] x, Map<String, float[]> weights) {
    return LocalLayer.run(layer, List.of(LocalLayer.floats(input, x)), weights);
  }
}
