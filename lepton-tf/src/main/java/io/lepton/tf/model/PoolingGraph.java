package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.types.TFloat32;

/** Emits pooling and its opposite. */
final class PoolingGraph {
  // oneDNN takes over MaxPool but not MaxPoolV2, which is what Ops would emit.
  private static final String MAX = "MaxPool";
  private static final String AVERAGE = "AvgPool";

  private PoolingGraph() {}

  /**
   * Emits one.
   *
   * @param input shape of the first input
   * @param output shape of the output
   */
  static Operand<TFloat32> emit(
      Ops tf,
      PoolingLayer layer,
      List<Operand<TFloat32>> inputs,
      List<Integer> input,
      List<Integer> output) {
    Operand<TFloat32> x = inputs.get(0);
    if (layer instanceof PoolingLayer.MaxPooling2d pooling) {
      int size = pooling.poolSize();
      return pool(tf, MAX, x, List.of(size, size), pooling.strides(), pooling.padding());
    }
    if (layer instanceof PoolingLayer.AveragePooling2d pooling) {
      int size = pooling.poolSize();
      return pool(tf, AVERAGE, x, List.of(size, size), pooling.strides(), pooling.padding());
    }
    if (layer instanceof PoolingLayer.MaxPooling1d pooling) {
      List<Integer> window = List.of(1, pooling.poolSize());
      Operand<TFloat32> row = tf.expandDims(x, tf.constant(1));
      return tf.reshape(
          pool(tf, MAX, row, window, pooling.strides(), pooling.padding()),
          LayerGraph.batchOf(tf, output));
    }
    if (layer instanceof PoolingLayer.AveragePooling1d pooling) {
      List<Integer> window = List.of(1, pooling.poolSize());
      Operand<TFloat32> row = tf.expandDims(x, tf.constant(1));
      return tf.reshape(
          pool(tf, AVERAGE, row, window, pooling.strides(), pooling.padding()),
          LayerGraph.batchOf(tf, output));
    }
    if (layer instanceof PoolingLayer.GlobalMaxPooling2d) {
      return tf.max(x, tf.constant(new int[] {1, 2}));
    }
    if (layer instanceof PoolingLayer.GlobalAveragePooling2d) {
      return tf.math.mean(x, tf.constant(new int[] {1, 2}));
    }
    if (layer instanceof PoolingLayer.GlobalAveragePooling1d) {
      return inputs.size() == 1
          ? tf.math.mean(x, tf.constant(1))
          : maskedMean(tf, x, inputs.get(1));
    }
    if (layer instanceof PoolingLayer.GlobalMaxPooling1d) {
      return inputs.size() == 1 ? tf.max(x, tf.constant(1)) : maskedMax(tf, x, inputs.get(1));
    }
    if (layer instanceof PoolingLayer.UpSampling2d sampling) {
      return sampling.interpolation() == PoolingLayer.Interpolation.BILINEAR
          ? resize(tf, x, output)
          : repeat(tf, sampling.size(), x, input, output);
    }
    throw new AssertionError(layer);
  }

  private static Operand<TFloat32> pool(
      Ops tf, String type, Operand<TFloat32> x, List<Integer> size, int strides, Padding padding) {
    return tf.scope()
        .opBuilder(type, type)
        .addInput(x.asOutput())
        .setAttr("ksize", new long[] {1, size.get(0), size.get(1), 1})
        .setAttr("strides", new long[] {1, strides, strides, 1})
        .setAttr("padding", padding.name())
        .build()
        .output(0);
  }

  private static Operand<TFloat32> maskedMean(Ops tf, Operand<TFloat32> x, Operand<TFloat32> mask) {
    Operand<TFloat32> there = tf.expandDims(mask, tf.constant(2));
    Operand<TFloat32> sum = tf.sum(tf.math.mul(x, there), tf.constant(1));
    return tf.math.divNoNan(sum, tf.sum(there, tf.constant(1)));
  }

  private static Operand<TFloat32> maskedMax(Ops tf, Operand<TFloat32> x, Operand<TFloat32> mask) {
    Operand<TFloat32> there = tf.expandDims(mask, tf.constant(2));
    Operand<TFloat32> below =
        tf.math.mul(tf.math.sub(there, tf.constant(1f)), tf.constant(Float.MAX_VALUE));
    Operand<TFloat32> largest = tf.max(tf.math.add(tf.math.mul(x, there), below), tf.constant(1));
    return tf.math.mul(largest, tf.max(there, tf.constant(1)));
  }

  private static Operand<TFloat32> resize(Ops tf, Operand<TFloat32> x, List<Integer> output) {
    return tf.image.resizeBilinear(
        x,
        tf.constant(new int[] {output.get(0), output.get(1)}),
        ResizeBilinear.halfPixelCenters(true));
  }

  // The gradient of Tile adds in a fixed order on every device; that of a resize does not.
  private static Operand<TFloat32> repeat(
      Ops tf, int size, Operand<TFloat32> x, List<Integer> input, List<Integer> output) {
    List<Integer> apart = List.of(input.get(0), 1, input.get(1), 1, input.get(2));
    Operand<TFloat32> pixels = tf.reshape(x, LayerGraph.batchOf(tf, apart));
    Operand<TFloat32> repeated = tf.tile(pixels, tf.constant(new int[] {1, 1, size, 1, size, 1}));
    return tf.reshape(repeated, LayerGraph.batchOf(tf, output));
  }
}
