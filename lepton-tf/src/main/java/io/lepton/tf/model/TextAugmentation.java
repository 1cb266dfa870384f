package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The augmentations of a list of texts, in the graph. Comparisons are of floats: those of int32
 * have no kernel on a GPU.
 */
final class TextAugmentation {
  private final Ops tf;
  private final CounterNoise noise;
  private final int length;

  private TextAugmentation(Ops tf, CounterNoise noise, int length) {
    this.tf = tf;
    this.noise = noise;
    this.length = length;
  }

  /**
   * Emits them.
   *
   * @param tokens {@code [n, length]}
   */
  static Operand<TInt32> emit(
      Ops tf,
      CounterNoise noise,
      int length,
      List<PlacedAugmentation> list,
      Operand<TInt32> tokens) {
    TextAugmentation texts = new TextAugmentation(tf, noise, length);
    Operand<TInt32> augmented = tokens;
    for (PlacedAugmentation placed : list) {
      augmented = texts.apply(placed, augmented);
    }
    return augmented;
  }

  private Operand<TInt32> apply(PlacedAugmentation placed, Operand<TInt32> tokens) {
    Augmentation augmentation = placed.augmentation();
    if (augmentation instanceof Augmentation.WordDropout dropout) {
      Operand<TBool> dropped = tf.math.logicalAnd(chosen(placed, dropout.rate()), words(tokens));
      return tf.select(dropped, tf.constant(dropout.replacement()), tokens);
    }
    if (augmentation instanceof Augmentation.WordSwap swap) {
      return swap(chosen(placed, swap.rate()), placed.draw(0), tokens);
    }
    throw new IllegalArgumentException("texts must be augmented, but was: " + augmentation);
  }

  private Operand<TInt32> swap(
      Operand<TBool> chosen, Operand<TFloat32> uniform, Operand<TInt32> tokens) {
    Operand<TInt32> next = roll(tokens, -1);
    Operand<TBool> words = tf.math.logicalAnd(words(tokens), words(next));
    Operand<TBool> firsts = tf.math.logicalAnd(tf.math.logicalAnd(chosen, words), pairs(uniform));
    Operand<TFloat32> seconds = roll(tf.dtypes.cast(firsts, TFloat32.class), 1);
    return tf.select(firsts, next, tf.select(positive(seconds), roll(tokens, 1), tokens));
  }

  /** Where pairs begin: at even or at odd places, never at the last. */
  private Operand<TBool> pairs(Operand<TFloat32> uniform) {
    float[][] parity = new float[1][length];
    for (int i = 0; i < length; i++) {
      parity[0][i] = i == length - 1 ? Float.NaN : i % 2;
    }
    Operand<TFloat32> begin = tf.math.floor(tf.math.mul(uniform, tf.constant(2f)));
    return tf.math.equal(tf.expandDims(begin, tf.constant(1)), tf.constant(parity));
  }

  private Operand<TBool> chosen(PlacedAugmentation placed, double rate) {
    Operand<TFloat32> uniforms = noise.uniforms(tf, placed.elementCounters(length));
    return tf.math.less(uniforms, tf.constant((float) rate));
  }

  private Operand<TBool> words(Operand<TInt32> tokens) {
    return positive(tf.dtypes.cast(tokens, TFloat32.class));
  }

  private Operand<TBool> positive(Operand<TFloat32> values) {
    return tf.math.greater(values, tf.constant(0f));
  }

  private <T extends TType> Operand<T> roll(Operand<T> values, int places) {
    return tf.roll(values, tf.constant(places), tf.constant(1));
  }
}
