package io.lepton.tf.model;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Emits convolutions, without bias and activation.
 *
 * @param weights of the layer, by their names within it
 * @param type of convolutions; transposed and depthwise ones are float32
 * @param layer its name
 */
record ConvolutionGraph(
    Ops tf, Map<String, Operand<TFloat32>> weights, ComputeType type, String layer) {
  private static final List<Long> EACH = List.of(1L, 1L, 1L, 1L);

  /**
   * Emits one.
   *
   * @param output shape of the output
   */
  Operand<TFloat32> emit(ConvolutionLayer layer, Operand<TFloat32> x, List<Integer> output) {
    if (layer instanceof ConvolutionLayer.Conv2dTranspose transpose) {
      return transpose(transpose.window(), x, output);
    }
    if (layer instanceof ConvolutionLayer.DepthwiseConv2d depthwise) {
      return depthwise(depthwise.window(), weights.get("kernel"), x);
    }
    Window window = ((ConvolutionLayer.SeparableConv2d) layer).window();
    Operand<TFloat32> apart = depthwise(window, weights.get("depthwise_kernel"), x);
    Product points = new Product.Convolution2d(tf, EACH, Padding.VALID);
    return type.multiply(tf, this.layer, points, apart, weights.get("pointwise_kernel"));
  }

  Operand<TFloat32> emit(Layer.Conv2d layer, Operand<TFloat32> x) {
    return convolve(layer.window(), weights.get("kernel"), x);
  }

  /** As one row of an image. */
  Operand<TFloat32> emit(Layer.Conv1d layer, Operand<TFloat32> x, List<Integer> output) {
    Window window =
        new Window(1, layer.kernelSize(), layer.strides(), layer.padding(), layer.dilation());
    Operand<TFloat32> row = tf.expandDims(x, tf.constant(1));
    Operand<TFloat32> kernel = tf.expandDims(weights.get("kernel"), tf.constant(0));
    return tf.reshape(convolve(window, kernel, row), LayerGraph.batchOf(tf, output));
  }

  private Operand<TFloat32> convolve(Window window, Operand<TFloat32> kernel, Operand<TFloat32> x) {
    Operand<TFloat32> taps = window.dilation() == 1 ? kernel : spread(window, kernel);
    Product product = new Product.Convolution2d(tf, window.strideAttribute(), window.padding());
    return type.multiply(tf, layer, product, x, taps);
  }

  // TensorFlow's C++ gradient of Conv2D forgets the dilations: zeros between the taps instead.
  private Operand<TFloat32> spread(Window window, Operand<TFloat32> kernel) {
    int gap = window.dilation() - 1;
    int rows = Window.reach(window.height(), window.dilation());
    int columns = Window.reach(window.width(), window.dilation());
    Operand<TInt32> channels = tf.slice(tf.shape(kernel), at(2), at(2));
    Operand<TInt32> apart = tf.constant(new int[] {window.height(), 1, window.width(), 1});
    Operand<TFloat32> cells =
        tf.reshape(kernel, tf.concat(List.of(apart, channels), tf.constant(0)));
    int[][] zeros = {{0, 0}, {0, gap}, {0, 0}, {0, gap}, {0, 0}, {0, 0}};
    Operand<TFloat32> padded = tf.pad(cells, tf.constant(zeros), tf.constant(0f));
    Operand<TInt32> together = tf.constant(new int[] {rows + gap, columns + gap});
    Operand<TFloat32> wide =
        tf.reshape(padded, tf.concat(List.of(together, channels), tf.constant(0)));
    return tf.slice(
        wide, tf.constant(new int[] {0, 0, 0, 0}), tf.constant(new int[] {rows, columns, -1, -1}));
  }

  private Operand<TFloat32> transpose(Window window, Operand<TFloat32> x, List<Integer> output) {
    Operand<TInt32> batch = tf.squeeze(tf.slice(tf.shape(x), at(0), at(1)));
    Operand<TInt32> sizes =
        tf.stack(
            List.of(
                batch,
                tf.constant((int) output.get(0)),
                tf.constant((int) output.get(1)),
                tf.constant((int) output.get(2))),
            Stack.axis(0L));
    return tf.nn.conv2dBackpropInput(
        sizes, weights.get("kernel"), x, window.strideAttribute(), window.padding().name());
  }

  private Operand<TFloat32> depthwise(
      Window window, Operand<TFloat32> kernel, Operand<TFloat32> x) {
    return tf.nn.depthwiseConv2dNative(
        x, kernel, window.strideAttribute(), window.padding().name());
  }

  private Operand<TInt32> at(int value) {
    return tf.constant(new int[] {value});
  }
}
