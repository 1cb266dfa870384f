package io.lepton.tf.model;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Emits the layers of a chain; every emission computes with the same weights.
 *
 * @param weights values of the chain's weights, by name
 */
record LayerGraph(Chain chain, Map<String, Operand<TFloat32>> weights) {

  /**
   * Emits all layers.
   *
   * @param input examples as they are stored
   */
  Operand<TFloat32> emit(Ops tf, Operand<? extends TType> input, DropoutRule dropout) {
    Operand<TFloat32> x = toFloat(tf, input);
    for (int i = 0; i < chain.layers().size(); i++) {
      x = emit(tf.withSubScope(chain.name(i)), i, x, dropout);
    }
    return x;
  }

  /** The shape of a batch of examples of a shape. */
  static Operand<TInt32> batchOf(Ops tf, List<Integer> shape) {
    int[] dimensions = new int[shape.size() + 1];
    dimensions[0] = -1;
    for (int i = 0; i < shape.size(); i++) {
      dimensions[i + 1] = shape.get(i);
    }
    return tf.constant(dimensions);
  }

  private static Operand<TFloat32> toFloat(Ops tf, Operand<? extends TType> input) {
    return input.type() == TFloat32.class
        ? input.asOutput().op().output(input.asOutput().index())
        : tf.dtypes.cast(input, TFloat32.class);
  }

  private Operand<TFloat32> emit(Ops tf, int index, Operand<TFloat32> x, DropoutRule dropout) {
    Layer layer = chain.layers().get(index);
    List<Integer> input = chain.shapes().get(index);
    List<Integer> output = chain.shapes().get(index + 1);
    if (layer instanceof Layer.Dense dense) {
      Operand<TFloat32> product = tf.linalg.matMul(x, weight(index, "kernel"));
      return ActivationGraph.emit(tf, dense.activation(), addBias(tf, index, product), output);
    }
    if (layer instanceof Layer.Conv2d conv) {
      Operand<TFloat32> product =
          tf.nn.conv2d(x, weight(index, "kernel"), window(conv.strides()), conv.padding().name());
      return ActivationGraph.emit(tf, conv.activation(), addBias(tf, index, product), output);
    }
    if (layer instanceof Layer.MaxPooling2d pooling) {
      return maxPool(tf, pooling, x);
    }
    if (layer instanceof Layer.Flatten) {
      return tf.reshape(x, batchOf(tf, output));
    }
    if (layer instanceof Layer.Dropout drop) {
      return dropout.emit(tf, index, drop.rate(), x, input);
    }
    if (layer instanceof Layer.Rescaling rescaling) {
      return rescale(tf, rescaling, x);
    }
    if (layer instanceof Layer.ActivationLayer activation) {
      return ActivationGraph.emit(tf, activation.function(), x, output);
    }
    throw new AssertionError(layer);
  }

  private Operand<TFloat32> addBias(Ops tf, int index, Operand<TFloat32> product) {
    Operand<TFloat32> bias = weight(index, "bias");
    return bias == null ? product : tf.nn.biasAdd(product, bias);
  }

  private Operand<TFloat32> weight(int index, String part) {
    return weights.get(chain.name(index) + "/" + part);
  }

  private static Operand<TFloat32> rescale(Ops tf, Layer.Rescaling layer, Operand<TFloat32> x) {
    Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) layer.scale()));
    return layer.offset() == 0 ? scaled : tf.math.add(scaled, tf.constant((float) layer.offset()));
  }

  // oneDNN takes over MaxPool but not MaxPoolV2, which is what Ops would emit.
  private static Operand<TFloat32> maxPool(Ops tf, Layer.MaxPooling2d layer, Operand<TFloat32> x) {
    return tf.scope()
        .opBuilder("MaxPool", "MaxPool")
        .addInput(x.asOutput())
        .setAttr("ksize", new long[] {1, layer.poolSize(), layer.poolSize(), 1})
        .setAttr("strides", new long[] {1, layer.strides(), layer.strides(), 1})
        .setAttr("padding", layer.padding().name())
        .build()
        .output(0);
  }

  private static List<Long> window(int size) {
    return List.of(1L, (long) size, (long) size, 1L);
  }
}
