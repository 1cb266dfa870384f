package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Uniform numbers that are each a function of (key, example id, counter) alone, by the finalizer of
 * SplitMix64 (OOPSLA 2014) over {@code mix(mix(key) + id·γ) + counter}. Nothing is drawn in order,
 * so neither the batch nor threads matter; integers alone are at work, so every machine agrees.
 *
 * @param examples a number for each example of the batch, {@code [n, 1]}
 */
record CounterNoise(Operand<TInt64> examples) {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final int BITS = 24;

  /**
   * The noise of a batch.
   *
   * @param key scalar, of seed and epoch
   * @param ids {@code [n]}
   */
  static CounterNoise of(Ops tf, Operand<TInt64> key, Operand<TInt64> ids) {
    Operand<TInt64> column = tf.expandDims(ids, tf.constant(1));
    Operand<TInt64> spread = tf.math.mul(column, tf.constant(GAMMA));
    return new CounterNoise(mix(tf, tf.math.add(mix(tf, key), spread)));
  }

  /** The salt of an augmentation: of the name of its input and its position in the list. */
  static long salt(String input, int position) {
    long salt = GAMMA;
    for (int i = 0; i < input.length(); i++) {
      salt = Draws.mix(salt + GAMMA + input.charAt(i));
    }
    return Draws.mix(salt + (position + 1) * GAMMA);
  }

  /** The first counters of a salt. */
  static long[] counters(long salt, int count) {
    long[] counters = new long[count];
    for (int i = 0; i < count; i++) {
      counters[i] = salt + (i + 1) * GAMMA;
    }
    return counters;
  }

  /** Multiples of 2⁻²⁴ in {@code [0, 1)}, {@code [n, counters]}. */
  Operand<TFloat32> uniforms(Ops tf, long... counters) {
    Operand<TInt64> row = tf.constant(new long[][] {counters});
    Operand<TInt64> bits = shift(tf, mix(tf, tf.math.add(examples, row)), Long.SIZE - BITS);
    return tf.math.mul(tf.dtypes.cast(bits, TFloat32.class), tf.constant(0x1p-24f));
  }

  /** {@link Draws#mix} in the graph. */
  private static Operand<TInt64> mix(Ops tf, Operand<TInt64> z) {
    Operand<TInt64> first = tf.math.mul(fold(tf, z, 30), tf.constant(0xbf58476d1ce4e5b9L));
    Operand<TInt64> second = tf.math.mul(fold(tf, first, 27), tf.constant(0x94d049bb133111ebL));
    return fold(tf, second, 31);
  }

  private static Operand<TInt64> fold(Ops tf, Operand<TInt64> z, int bits) {
    return tf.bitwise.bitwiseXor(z, shift(tf, z, bits));
  }

  // The shift of int64 copies the sign down, and uint64 has no type in TensorFlow's Java.
  private static Operand<TInt64> shift(Ops tf, Operand<TInt64> z, long bits) {
    return tf.bitwise.bitwiseAnd(
        tf.bitwise.rightShift(z, tf.constant(bits)), tf.constant(-1L >>> bits));
  }
}
