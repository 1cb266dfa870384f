package io.lepton.tf.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * Emits normalizations.
 *
 * @param weights of the layer, by their names within it
 */
record NormalizationGraph(Ops tf, Network.Part part, Map<String, Operand<TFloat32>> weights) {

  /**
   * Emits one.
   *
   * @param training takes the next state of a layer that trains; empty outside training
   */
  Operand<TFloat32> emit(Operand<TFloat32> x, Optional<StateUpdates> training) {
    int channels = Shapes.last(part.shape());
    if (part.layer() instanceof NormalizationLayer.GroupNormalization layer) {
      int positions = Math.toIntExact(Shapes.elements(part.shape()) / channels);
      return groups(x, List.of(positions, layer.groups(), channels / layer.groups()));
    }
    if (part.layer() instanceof NormalizationLayer.LayerNormalization) {
      return groups(x, List.of(1, 1, channels));
    }
    return batch(
        (NormalizationLayer.BatchNormalization) part.layer(),
        x,
        training.filter(updates -> !updates.freezes(part.name() + "/moving_mean")));
  }

  private Operand<TFloat32> batch(
      NormalizationLayer.BatchNormalization layer,
      Operand<TFloat32> x,
      Optional<StateUpdates> training) {
    boolean image = part.shape().size() == 3;
    int channels = Shapes.last(part.shape());
    Operand<TFloat32> pixels =
        image ? x : tf.reshape(x, tf.constant(new int[] {-1, 1, 1, channels}));
    Operand<TFloat32> unused = tf.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> fused =
        tf.nn.fusedBatchNorm(
            pixels,
            orElse("gamma", 1),
            orElse("beta", 0),
            training.isPresent() ? unused : weights.get("moving_mean"),
            training.isPresent() ? unused : weights.get("moving_variance"),
            FusedBatchNorm.epsilon((float) layer.epsilon()),
            FusedBatchNorm.isTraining(training.isPresent()));
    training.ifPresent(
        updates -> {
          Operand<TFloat32> biased =
              tf.math.mul(fused.batchVariance(), withoutBessel(pixels, channels));
          move(updates, layer.momentum(), "moving_mean", fused.batchMean());
          move(updates, layer.momentum(), "moving_variance", biased);
        });
    return image ? fused.y() : tf.reshape(fused.y(), LayerGraph.batchOf(tf, part.shape()));
  }

  // The operation divides by one less than the number of values of a channel.
  private Operand<TFloat32> withoutBessel(Operand<TFloat32> pixels, int channels) {
    Operand<TFloat32> values =
        tf.math.div(tf.dtypes.cast(tf.size(pixels), TFloat32.class), tf.constant((float) channels));
    return tf.math.div(tf.math.sub(values, tf.constant(1f)), values);
  }

  private void move(StateUpdates updates, double momentum, String name, Operand<TFloat32> ofBatch) {
    updates.put(
        part.name() + "/" + name,
        tf.math.add(
            tf.math.mul(weights.get(name), tf.constant((float) momentum)),
            tf.math.mul(ofBatch, tf.constant((float) (1 - momentum)))));
  }

  /** Normalizes over the first and the last of three dimensions. */
  private Operand<TFloat32> groups(Operand<TFloat32> x, List<Integer> apart) {
    Operand<TFloat32> grouped = tf.reshape(x, LayerGraph.batchOf(tf, apart));
    Operand<TFloat32> centered = tf.math.sub(grouped, groupMean(grouped));
    Operand<TFloat32> variance = groupMean(tf.math.square(centered));
    double added = ((NormalizationLayer) part.layer()).epsilon();
    Operand<TFloat32> epsilon = tf.constant((float) added);
    Operand<TFloat32> normal = tf.math.mul(centered, tf.math.rsqrt(tf.math.add(variance, epsilon)));
    Operand<TFloat32> shaped = tf.reshape(normal, LayerGraph.batchOf(tf, part.shape()));
    return tf.math.add(tf.math.mul(shaped, orElse("gamma", 1)), orElse("beta", 0));
  }

  private Operand<TFloat32> groupMean(Operand<TFloat32> values) {
    return tf.math.mean(values, tf.constant(new int[] {1, 3}), Mean.keepDims(true));
  }

  private Operand<TFloat32> orElse(String name, float value) {
    Operand<TFloat32> weight = weights.get(name);
    int channels = Shapes.last(part.shape());
    return weight == null ? tf.fill(tf.constant(new int[] {channels}), tf.constant(value)) : weight;
  }
}
