package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * An augmentation and what it may draw on.
 *
 * @param salt of its counters
 * @param draws uniform numbers {@code [n]} each
 */
record PlacedAugmentation(Augmentation augmentation, long salt, List<Operand<TFloat32>> draws) {
  // As many as the augmentation that takes most.
  private static final int DRAWS = 3;

  /** All of a list, whose draws are mixed together in one go. */
  static List<PlacedAugmentation> of(
      Ops tf, CounterNoise noise, String input, List<Augmentation> augmentations) {
    long[] counters = new long[augmentations.size() * DRAWS];
    for (int i = 0; i < augmentations.size(); i++) {
      long salt = CounterNoise.salt(input, i);
      System.arraycopy(CounterNoise.counters(salt, DRAWS), 0, counters, i * DRAWS, DRAWS);
    }
    Operand<TFloat32> uniforms = noise.uniforms(tf, counters);
    List<Output<TFloat32>> draws =
        tf.unstack(uniforms, (long) counters.length, Unstack.axis(1L)).output();
    List<PlacedAugmentation> placed = new ArrayList<>();
    for (int i = 0; i < augmentations.size(); i++) {
      placed.add(
          new PlacedAugmentation(
              augmentations.get(i),
              CounterNoise.salt(input, i),
              List.copyOf(draws.subList(i * DRAWS, (i + 1) * DRAWS))));
    }
    return placed;
  }

  /** Counters for numbers of each element, none of them those of the draws. */
  long[] elementCounters(int count) {
    return Arrays.copyOfRange(CounterNoise.counters(salt, DRAWS + count), DRAWS, DRAWS + count);
  }

  Operand<TFloat32> draw(int number) {
    return draws.get(number);
  }
}
