package io.lepton.tf.model;

import io.lepton.tf.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The values training starts from. Each is a function of (seed, name of the variable, position in
 * it) alone, by SplitMix64 (OOPSLA 2014): the same on any machine and in any order.
 */
final class InitialValues {
  private static final int ALIGNMENT = 64;
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private InitialValues() {}

  /** A vector of {@code size} elements with the values of weights and state at their places. */
  static ByteBuffer vector(
      List<Weight> weights, List<Slot> state, List<Variable> variables, long size, long seed) {
    int bytes = Math.toIntExact(size * Float.BYTES);
    ByteBuffer vector =
        ByteBuffer.allocateDirect(bytes + ALIGNMENT)
            .alignedSlice(ALIGNMENT)
            .slice(0, bytes)
            .order(ByteOrder.nativeOrder());
    FloatBuffer values = vector.asFloatBuffer();
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      if (weight.bound() > 0) {
        fill(values, Math.toIntExact(variables.get(i).offset()), weight, seed);
      }
    }
    for (int i = 0; i < state.size(); i++) {
      Variable variable = variables.get(weights.size() + i);
      for (int j = 0; j < variable.size() && state.get(i).initial() != 0; j++) {
        values.put(Math.toIntExact(variable.offset()) + j, (float) state.get(i).initial());
      }
    }
    return vector;
  }

  private static void fill(FloatBuffer values, int offset, Weight weight, long seed) {
    long key = key(seed, weight.name());
    int size = Math.toIntExact(weight.size());
    for (int i = 0; i < size; i++) {
      double unit = (mix(key + i * GAMMA) >>> 11) * 0x1p-53;
      values.put(offset + i, (float) ((2 * unit - 1) * weight.bound()));
    }
  }

  private static long key(long seed, String name) {
    long key = mix(seed + GAMMA);
    for (int i = 0; i < name.length(); i++) {
      key = mix(key + GAMMA + name.charAt(i));
    }
    return key;
  }

  /** A bijection that turns neighbours into strangers. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
