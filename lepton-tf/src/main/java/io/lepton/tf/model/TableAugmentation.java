package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** The augmentations of a list of tables, in the graph. */
final class TableAugmentation {
  private final Ops tf;
  private final CounterNoise noise;
  private final int features;

  private TableAugmentation(Ops tf, CounterNoise noise, int features) {
    this.tf = tf;
    this.noise = noise;
    this.features = features;
  }

  /**
   * Emits them.
   *
   * @param table {@code [n, features]}
   */
  static Operand<TFloat32> emit(
      Ops tf,
      CounterNoise noise,
      int features,
      List<PlacedAugmentation> list,
      Operand<TFloat32> table) {
    TableAugmentation tables = new TableAugmentation(tf, noise, features);
    Operand<TFloat32> augmented = table;
    for (PlacedAugmentation placed : list) {
      augmented = tables.apply(placed, augmented);
    }
    return augmented;
  }

  private Operand<TFloat32> apply(PlacedAugmentation placed, Operand<TFloat32> table) {
    Augmentation augmentation = placed.augmentation();
    if (augmentation instanceof Augmentation.GaussianNoise gaussian) {
      Operand<TFloat32> deviation = tf.constant((float) gaussian.deviation());
      return tf.math.add(table, tf.math.mul(normals(placed), deviation));
    }
    if (augmentation instanceof Augmentation.FeatureDropout dropout) {
      Operand<TFloat32> uniforms = noise.uniforms(tf, placed.elementCounters(features));
      Operand<TBool> dropped = tf.math.less(uniforms, tf.constant((float) dropout.rate()));
      return tf.select(dropped, tf.zerosLike(table), table);
    }
    throw new IllegalArgumentException("tables must be augmented, but was: " + augmentation);
  }

  private Operand<TFloat32> normals(PlacedAugmentation placed) {
    int even = features + features % 2;
    Operand<TFloat32> normals = BoxMuller.normals(tf, noise, placed.elementCounters(even));
    return even == features
        ? normals
        : tf.stridedSlice(normals, Indices.all(), Indices.sliceTo(features));
  }
}
