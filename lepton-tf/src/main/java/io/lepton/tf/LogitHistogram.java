package io.lepton.tf;

/**
 * Weight of negatives and of positives by logit: what curves of a binary classifier are drawn from.
 *
 * <p>Bins are 1/64 wide, from −16 to 16; the outer two hold what is beyond, the middle two meet at
 * 0, so that what is counted at probability 0.5 is exact. Logits of one bin count as ties: areas
 * are wrong by half the chance, at most, that a positive and a negative fall into one bin.
 *
 * @param sums of the negatives' bins, then of the positives', from the lowest up
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogitHistogram(double[] sums) {
  /** Bins of each of the two classes. */
  public static final int BINS = 2048;

  /** Bins for each unit of the logit. */
  public static final int BINS_PER_UNIT = 64;

  private static final int WHERE_POSITIVE = BINS / 2;

  double rocArea() {
    double below = 0;
    double area = 0;
    for (int bin = 0; bin < BINS; bin++) {
      area += positives(bin) * (below + negatives(bin) / 2);
      below += negatives(bin);
    }
    return area / (below * positivesFrom(0));
  }

  double averagePrecision() {
    double right = 0;
    double wrong = 0;
    double area = 0;
    for (int bin = BINS - 1; bin >= 0; bin--) {
      right += positives(bin);
      wrong += negatives(bin);
      if (positives(bin) > 0) {
        area += positives(bin) * right / (right + wrong);
      }
    }
    return area / right;
  }

  double precision() {
    double right = positivesFrom(WHERE_POSITIVE);
    return right / (right + negativesFrom(WHERE_POSITIVE));
  }

  double recall() {
    return positivesFrom(WHERE_POSITIVE) / positivesFrom(0);
  }

  double f1() {
    double right = positivesFrom(WHERE_POSITIVE);
    return 2 * right / (right + negativesFrom(WHERE_POSITIVE) + positivesFrom(0));
  }

  double intersectionOverUnion() {
    return positivesFrom(WHERE_POSITIVE) / (negativesFrom(WHERE_POSITIVE) + positivesFrom(0));
  }

  private double negatives(int bin) {
    return sums[bin];
  }

  private double positives(int bin) {
    return sums[BINS + bin];
  }

  private double negativesFrom(int first) {
    return total(first, BINS);
  }

  private double positivesFrom(int first) {
    return total(BINS + first, 2 * BINS);
  }

  private double total(int from, int to) {
    double total = 0;
    for (int i = from; i < to; i++) {
      total += sums[i];
    }
    return total;
  }
}
