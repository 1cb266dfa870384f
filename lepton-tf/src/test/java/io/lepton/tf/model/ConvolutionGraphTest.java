package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalLayer.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionGraphTest {
  private static final int EXAMPLES = 2;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 6;
  private static final int CHANNELS = 2;
  private static final List<Integer> IMAGE = List.of(HEIGHT, WIDTH, CHANNELS);

  private final float[] x = Models.normals(EXAMPLES * HEIGHT * WIDTH * CHANNELS, 1);

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({"2, 3, 1, 1, VALID", "3, 1, 2, 1, SAME", "2, 3, 1, 2, VALID", "3, 3, 1, 2, SAME"})
  void aWindowMayBeARectangleAndHaveGaps(
      int height, int width, int strides, int dilation, Padding padding) {
    Window window = new Window(height, width, strides, padding, dilation);
    float[] kernel = Models.normals(height * width * CHANNELS * 3, 2);
    Layer layer = new Layer.Conv2d(3, window, Activation.LINEAR, false);
    List<Integer> output = layer.outputShape(List.of(IMAGE));
    double[] expected = new double[EXAMPLES * (int) Shapes.elements(output)];
    for (int at = 0; at < expected.length; at++) {
      for (int tap = 0; tap < height * width; tap++) {
        for (int c = 0; c < CHANNELS; c++) {
          expected[at] +=
              pixel(window, output, at / 3, tap, c) * kernel[(tap * CHANNELS + c) * 3 + at % 3];
        }
      }
    }
    assertClose(run(layer, Map.of("conv2d_0/kernel", kernel)), expected);
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 1, VALID", "2, 3, 2, SAME", "3, 2, 2, VALID"})
  void depthwiseConvolutionSeesEachChannelOnItsOwn(
      int height, int width, int strides, Padding padding) {
    Window window = new Window(height, width, strides, padding, 1);
    float[] kernel = Models.normals(height * width * CHANNELS * 3, 2);
    float[] bias = Models.normals(6, 3);
    Layer layer = new ConvolutionLayer.DepthwiseConv2d(3, window, Activation.LINEAR, true);
    List<Integer> output = layer.outputShape(List.of(IMAGE));
    assertThat(output).endsWith(6);
    double[] expected = new double[EXAMPLES * (int) Shapes.elements(output)];
    for (int at = 0; at < expected.length; at++) {
      int c = at % 6 / 3;
      expected[at] = bias[at % 6];
      for (int tap = 0; tap < height * width; tap++) {
        expected[at] +=
            pixel(window, output, at / 6, tap, c) * kernel[(tap * CHANNELS + c) * 3 + at % 3];
      }
    }
    assertClose(
        run(layer, Map.of("depthwise-conv2d_0/kernel", kernel, "depthwise-conv2d_0/bias", bias)),
        expected);
  }

  @Test
  void separableConvolutionIsADepthwiseOneAndAMixOfItsChannels() {
    Window window = new Window(3, 2, 1, Padding.SAME, 1);
    float[] depthwise = Models.normals(3 * 2 * CHANNELS * 2, 2);
    float[] pointwise = Models.normals(CHANNELS * 2 * 3, 3);
    float[] bias = {1, -1, 0.5f};
    float[] apart =
        run(
            new ConvolutionLayer.DepthwiseConv2d(2, window, Activation.LINEAR, false),
            Map.of("depthwise-conv2d_0/kernel", depthwise));
    double[] expected = new double[apart.length / 4 * 3];
    for (int at = 0; at < expected.length; at++) {
      expected[at] = bias[at % 3];
      for (int c = 0; c < 4; c++) {
        expected[at] += apart[at / 3 * 4 + c] * pointwise[c * 3 + at % 3];
      }
    }
    assertClose(
        run(
            new ConvolutionLayer.SeparableConv2d(3, 2, window, Activation.LINEAR, true),
            Map.of(
                "separable-conv2d_0/depthwise_kernel", depthwise,
                "separable-conv2d_0/pointwise_kernel", pointwise,
                "separable-conv2d_0/bias", bias)),
        expected);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3, 1, VALID",
    "3, 3, 1, SAME",
    "2, 3, 2, SAME",
    "4, 3, 2, VALID",
    "1, 2, 3, VALID"
  })
  void theTransposedConvolutionSpreadsEachPixelOverItsWindow(
      int height, int width, int strides, Padding padding) {
    Window window = new Window(height, width, strides, padding, 1);
    float[] kernel = Models.normals(height * width * 3 * CHANNELS, 2);
    Layer layer = new ConvolutionLayer.Conv2dTranspose(3, window, Activation.LINEAR, false);
    List<Integer> output = layer.outputShape(List.of(IMAGE));
    double[] expected = new double[EXAMPLES * (int) Shapes.elements(output)];
    int top = before(padding, output.get(0), HEIGHT, height, strides);
    int left = before(padding, output.get(1), WIDTH, width, strides);
    for (int i = 0; i < x.length; i++) {
      int c = i % CHANNELS;
      int column = i / CHANNELS % WIDTH;
      int row = i / CHANNELS / WIDTH % HEIGHT;
      int example = i / CHANNELS / WIDTH / HEIGHT;
      for (int tap = 0; tap < height * width; tap++) {
        int y = row * strides - top + tap / width;
        int z = column * strides - left + tap % width;
        for (int f = 0; f < 3 && inside(y, z, output); f++) {
          int at = ((example * output.get(0) + y) * output.get(1) + z) * 3 + f;
          expected[at] += (double) x[i] * kernel[(tap * 3 + f) * CHANNELS + c];
        }
      }
    }
    assertClose(run(layer, Map.of("conv2d-transpose_0/kernel", kernel)), expected);
  }

  @Test
  void aSequenceMayBeSeenWithGaps() {
    float[] steps = Models.normals(EXAMPLES * 7 * 2, 1);
    float[] kernel = Models.normals(3 * 2, 2);
    double[] expected = new double[EXAMPLES * 3];
    for (int at = 0; at < expected.length; at++) {
      for (int tap = 0; tap < 3; tap++) {
        for (int c = 0; c < 2; c++) {
          expected[at] += steps[(at / 3 * 7 + at % 3 + 2 * tap) * 2 + c] * kernel[tap * 2 + c];
        }
      }
    }
    assertClose(
        LocalLayer.run(
            new Layer.Conv1d(1, 3, 1, Padding.VALID, 2, Activation.LINEAR, false),
            List.of(floats(List.of(7, 2), steps)),
            Map.of("conv1d_0/kernel", kernel)),
        expected);
  }

  @Test
  void kerasAgreesOnTransposedAndSeparableConvolutions() throws IOException {
    Path python = PythonTensorFlow.find();
    float[] kernel = Models.normals(3 * 2 * 3 * CHANNELS, 2);
    float[] depthwise = Models.normals(3 * 2 * CHANNELS * 2, 3);
    float[] pointwise = Models.normals(CHANNELS * 2 * 3, 4);
    List<float[]> results =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import numpy as np
            import keras
            x, kernel, depthwise, pointwise = (np.fromfile(p, np.float32) for p in sys.argv[1:5])
            x = x.reshape(2, 5, 6, 2)
            for padding in ('valid', 'same'):
                layer = keras.layers.Conv2DTranspose(3, (3, 2), 2, padding, use_bias=False)
                layer.build(x.shape)
                layer.set_weights([kernel.reshape(3, 2, 3, 2)])
                print('RESULT', *np.asarray(layer(x)).ravel())
                layer = keras.layers.SeparableConv2D(
                    3, (3, 2), 2, padding, depth_multiplier=2, use_bias=False)
                layer.build(x.shape)
                layer.set_weights(
                    [depthwise.reshape(3, 2, 2, 2), pointwise.reshape(1, 1, 4, 3)])
                print('RESULT', *np.asarray(layer(x)).ravel())
            """,
            file("x", x),
            file("kernel", kernel),
            file("depthwise", depthwise),
            file("pointwise", pointwise));
    for (Padding padding : List.of(Padding.VALID, Padding.SAME)) {
      Window window = new Window(3, 2, 2, padding, 1);
      int first = padding == Padding.VALID ? 0 : 2;
      assertThat(
              run(
                  new ConvolutionLayer.Conv2dTranspose(3, window, Activation.LINEAR, false),
                  Map.of("conv2d-transpose_0/kernel", kernel)))
          .containsExactly(results.get(first), within(1e-5f));
      assertThat(
              run(
                  new ConvolutionLayer.SeparableConv2d(3, 2, window, Activation.LINEAR, false),
                  Map.of(
                      "separable-conv2d_0/depthwise_kernel", depthwise,
                      "separable-conv2d_0/pointwise_kernel", pointwise)))
          .containsExactly(results.get(first + 1), within(1e-5f));
    }
  }

  @Test
  void stridesAndGapsExcludeEachOther() {
    assertThatThrownBy(() -> new Window(3, 3, 2, Padding.SAME, 2))
        .hasMessage("dilation-rate must be 1 where strides are above 1, but they were: 2 and 2");
    Window gaps = new Window(3, 3, 1, Padding.SAME, 2);
    assertThatThrownBy(() -> new ConvolutionLayer.DepthwiseConv2d(1, gaps, Activation.LINEAR, true))
        .hasMessage("dilation-rate must be 1 but in conv1d and conv2d, but was: 2");
  }

  /** What a tap of the window of an output pixel sees; 0 outside the image. */
  private double pixel(Window window, List<Integer> output, int outputPixel, int tap, int c) {
    int column = outputPixel % output.get(1);
    int row = outputPixel / output.get(1) % output.get(0);
    int example = outputPixel / output.get(1) / output.get(0);
    int dilation = window.dilation();
    int tall = (window.height() - 1) * dilation + 1;
    int wide = (window.width() - 1) * dilation + 1;
    int top = before(window.padding(), HEIGHT, output.get(0), tall, window.strides());
    int left = before(window.padding(), WIDTH, output.get(1), wide, window.strides());
    int y = row * window.strides() - top + tap / window.width() * dilation;
    int z = column * window.strides() - left + tap % window.width() * dilation;
    return inside(y, z, IMAGE) ? x[((example * HEIGHT + y) * WIDTH + z) * CHANNELS + c] : 0;
  }

  private static boolean inside(int row, int column, List<Integer> image) {
    return row >= 0 && row < image.get(0) && column >= 0 && column < image.get(1);
  }

  private static int before(Padding padding, int length, int outputs, int size, int strides) {
    return padding == Padding.VALID ? 0 : Math.max(0, (outputs - 1) * strides + size - length) / 2;
  }

  private float[] run(Layer layer, Map<String, float[]> weights) {
    return LocalLayer.run(layer, List.of(floats(IMAGE, x)), weights);
  }

  private Path file(String name, float... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    return Files.write(temporary.resolve(name), bytes.array());
  }
}
