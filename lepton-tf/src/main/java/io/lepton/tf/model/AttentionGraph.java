package io.lepton.tf.model;

import io.lepton.tf.model.AttentionLayer.MultiHeadAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/**
 * Emits attention and positions.
 *
 * @param part the layer in its place
 * @param weights of the whole network, by name
 * @param type of the products with kernels
 */
record AttentionGraph(
    Ops tf, Network.Part part, Map<String, Operand<TFloat32>> weights, ComputeType type) {
  private static final float UNSEEN = -1e9f;
  private static final double LONGEST_WAVE = 10_000;

  /** The weights of a layer. */
  static List<Weight> weights(AttentionLayer layer, String name, List<List<Integer>> inputs) {
    int steps = inputs.get(0).get(0);
    int channels = inputs.get(0).get(1);
    if (layer instanceof AttentionLayer.PositionalEmbedding) {
      return List.of(Weight.embeddings(name, steps, channels));
    }
    List<Weight> weights = new ArrayList<>();
    if (layer instanceof MultiHeadAttention attention) {
      int heads = attention.heads();
      int seen = MultiHeadAttention.seen(inputs).get(1);
      add(weights, name + "/query", List.of(channels, heads, attention.keyDim()), attention);
      add(weights, name + "/key", List.of(seen, heads, attention.keyDim()), attention);
      add(weights, name + "/value", List.of(seen, heads, attention.valueDim()), attention);
      String output = name + "/attention-output";
      weights.add(Weight.kernel(output, List.of(heads, attention.valueDim(), channels)));
      if (attention.useBias()) {
        weights.add(Weight.bias(output, List.of(channels)));
      }
    }
    return weights;
  }

  private static void add(
      List<Weight> weights, String name, List<Integer> kernel, MultiHeadAttention attention) {
    weights.add(Weight.kernel(name, kernel));
    if (attention.useBias()) {
      weights.add(Weight.bias(name, kernel.subList(1, 3)));
    }
  }

  /** Emits the layer. */
  Operand<TFloat32> emit(List<Operand<TFloat32>> inputs, DropoutRule dropout) {
    if (part.layer() instanceof MultiHeadAttention attention) {
      return attend(attention, inputs, dropout);
    }
    Operand<TFloat32> positions =
        part.layer() instanceof AttentionLayer.PositionalEmbedding
            ? weights.get(part.name() + "/embeddings")
            : waves(part.shape().get(0), part.shape().get(1));
    return tf.math.add(inputs.get(0), positions);
  }

  private Operand<TFloat32> waves(int steps, int channels) {
    float[] values = new float[steps * channels];
    for (int i = 0; i < values.length; i++) {
      int channel = i % channels;
      double length = StrictMath.pow(LONGEST_WAVE, (channel - channel % 2) / (double) channels);
      int step = i / channels;
      double angle = step / length;
      values[i] = (float) (channel % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
    }
    return tf.constant(Shape.of(steps, channels), DataBuffers.of(values));
  }

  private Operand<TFloat32> attend(
      MultiHeadAttention layer, List<Operand<TFloat32>> inputs, DropoutRule dropout) {
    List<List<Integer>> shapes = part.inputShapes();
    List<Integer> seenShape = MultiHeadAttention.seen(shapes);
    Operand<TFloat32> looking = inputs.get(0);
    Operand<TFloat32> seen =
        shapes.size() > 1 && shapes.get(1).size() > 1 ? inputs.get(1) : looking;
    int steps = part.shape().get(0);
    int seenSteps = seenShape.get(0);
    Operand<TFloat32> queries =
        heads("query", looking, part.shape(), layer.heads(), layer.keyDim());
    Operand<TFloat32> keys = heads("key", seen, seenShape, layer.heads(), layer.keyDim());
    Operand<TFloat32> values = heads("value", seen, seenShape, layer.heads(), layer.valueDim());
    Operand<TFloat32> scale = tf.constant((float) (1 / Math.sqrt(layer.keyDim())));
    Operand<TFloat32> scores = product(tf.math.mul(queries, scale), keys, true);
    if (MultiHeadAttention.hasMask(shapes)) {
      Operand<TFloat32> mask =
          tf.reshape(
              inputs.get(inputs.size() - 1), LayerGraph.batchOf(tf, List.of(1, 1, seenSteps)));
      Operand<TFloat32> absent = tf.math.sub(tf.constant(1f), mask);
      scores = tf.math.add(scores, tf.math.mul(absent, tf.constant(UNSEEN)));
    }
    if (layer.causal()) {
      scores = tf.math.add(scores, later(steps, seenSteps));
    }
    Operand<TFloat32> shares =
        dropout.emit(
            tf,
            part.index(),
            layer.dropout(),
            tf.nn.softmax(scores),
            List.of(layer.heads(), steps, seenSteps));
    Operand<TFloat32> together =
        tf.linalg.transpose(product(shares, values, false), tf.constant(new int[] {0, 2, 1, 3}));
    int width = layer.heads() * layer.valueDim();
    int channels = part.shape().get(1);
    return tf.reshape(
        project("attention-output", together, width, channels),
        LayerGraph.batchOf(tf, part.shape()));
  }

  /** {@code [n, heads, steps, dim]} of a sequence {@code [n, steps, channels]}. */
  private Operand<TFloat32> heads(
      String name, Operand<TFloat32> x, List<Integer> shape, int heads, int dim) {
    Operand<TFloat32> projected = project(name, x, shape.get(1), heads * dim);
    Operand<TFloat32> apart =
        tf.reshape(projected, LayerGraph.batchOf(tf, List.of(shape.get(0), heads, dim)));
    return tf.linalg.transpose(apart, tf.constant(new int[] {0, 2, 1, 3}));
  }

  private Operand<TFloat32> project(String name, Operand<TFloat32> x, int from, int to) {
    String weight = part.name() + "/" + name;
    Operand<TFloat32> rows = tf.reshape(x, tf.constant(new int[] {-1, from}));
    Operand<TFloat32> kernel =
        tf.reshape(weights.get(weight + "/kernel"), tf.constant(new int[] {from, to}));
    Operand<TFloat32> product =
        type.multiply(tf, part.name(), new Product.MatMul(tf), rows, kernel);
    Operand<TFloat32> bias = weights.get(weight + "/bias");
    return bias == null
        ? product
        : tf.nn.biasAdd(product, tf.reshape(bias, tf.constant(new int[] {to})));
  }

  private Operand<TFloat32> product(Operand<TFloat32> a, Operand<TFloat32> b, boolean transposed) {
    return tf.train.batchMatMul(a, b, TFloat32.class, BatchMatMul.adjY(transposed));
  }

  private Operand<TFloat32> later(int steps, int seenSteps) {
    float[] values = new float[steps * seenSteps];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % seenSteps > i / seenSteps ? UNSEEN : 0;
    }
    return tf.constant(Shape.of(steps, seenSteps), DataBuffers.of(values));
  }
}
