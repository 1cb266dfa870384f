package io.lepton.spark;

import java.io.Serializable;
import java.util.List;

/**
 * A batch that grows between epochs where the learning rate would fall, which lowers the noise of
 * gradients alike with fewer steps (arXiv 1711.00489). Where it cannot grow any more, the rate
 * falls.
 *
 * @param factor by which it grows, above 1
 * @param most examples that it has, ever
 * @param after epochs, from 1, after which it grows; empty for none
 * @param every epochs after which it grows, again and again; 0 for never. With neither it grows
 *     where the plateau of the schedule would lower the rate
 */
public record BatchGrowth(double factor, int most, List<Integer> after, int every)
    implements Serializable {
  public BatchGrowth {
    after = List.copyOf(after);
    if (!(factor > 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor must be above 1, but was: " + factor);
    }
    if (most < 1 || every < 0) {
      throw new IllegalArgumentException(
          "most must be positive and every not negative, but they were: %d and %d"
              .formatted(most, every));
    }
    if (!after.isEmpty() && every > 0) {
      throw new IllegalArgumentException(
          "after and every must not both be given, but were: %s and %d".formatted(after, every));
    }
  }

  /** Whether it grows in place of the plateau's decay. */
  public boolean followsPlateau() {
    return after.isEmpty() && every == 0;
  }

  /** Whether it grows after an epoch, from 1, whatever was measured. */
  boolean isDue(int epoch) {
    return after.contains(epoch) || (every > 0 && epoch % every == 0);
  }

  /** The next size after one; the same if it is the largest. */
  int next(int size) {
    return (int) Math.max(size, Math.min(most, Math.max(size + 1L, Math.round(size * factor))));
  }
}
