package io.lepton.tf;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Weight of each class: rightly given it, then given it, then being of it.
 *
 * @param sums three for each class, those of one kind side by side
 */
@SuppressWarnings("ArrayRecordComponent")
record ClassCounts(double[] sums) {

  double meanF1() {
    return mean(c -> 2 * right(c) / (given(c) + there(c)));
  }

  double meanIntersectionOverUnion() {
    return mean(c -> right(c) / (given(c) + there(c) - right(c)));
  }

  private double mean(IntToDoubleFunction ofClass) {
    return IntStream.range(0, classes())
        .filter(c -> given(c) + there(c) > 0)
        .mapToDouble(ofClass)
        .average()
        .orElse(Double.NaN);
  }

  private int classes() {
    return sums.length / 3;
  }

  private double right(int c) {
    return sums[c];
  }

  private double given(int c) {
    return sums[classes() + c];
  }

  private double there(int c) {
    return sums[2 * classes() + c];
  }
}
