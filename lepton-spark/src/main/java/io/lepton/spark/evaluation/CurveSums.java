package io.lepton.spark.evaluation;

import java.io.Serializable;

/**
 * Positives and negatives from the highest score down, of the rows as they are and of each
 * replicate; as it goes, areas under the curves. One thread.
 */
final class CurveSums {
  private final Bootstrap bootstrap;
  private final ExactSums right;
  private final ExactSums wrong;

  CurveSums(Bootstrap bootstrap) {
    this(
        bootstrap,
        new ExactSums(1 + bootstrap.replicates()),
        new ExactSums(1 + bootstrap.replicates()));
  }

  private CurveSums(Bootstrap bootstrap, ExactSums right, ExactSums wrong) {
    this.bootstrap = bootstrap;
    this.right = right;
    this.wrong = wrong;
  }

  /** What travels of it. */
  @SuppressWarnings("ArrayRecordComponent")
  record State(int partition, int group, double[] right, double[] wrong) implements Serializable {}

  State state(int partition, int group) {
    return new State(partition, group, right.state(), wrong.state());
  }

  static CurveSums of(Bootstrap bootstrap, State state) {
    return new CurveSums(bootstrap, ExactSums.of(state.right()), ExactSums.of(state.wrong()));
  }

  void add(CurveSums other) {
    right.add(other.right);
    wrong.add(other.wrong);
  }

  void add(boolean positive, double weight, long row) {
    ExactSums sums = positive ? right : wrong;
    sums.add(0, weight);
    for (int replicate = 0; replicate < bootstrap.replicates(); replicate++) {
      int count = bootstrap.count(row, replicate);
      if (count > 0) {
        sums.add(1 + replicate, count * weight);
      }
    }
  }

  double[] right() {
    return right.values();
  }

  double[] wrong() {
    return wrong.values();
  }

  CurveSums copy() {
    return new CurveSums(bootstrap, right.copy(), wrong.copy());
  }
}
