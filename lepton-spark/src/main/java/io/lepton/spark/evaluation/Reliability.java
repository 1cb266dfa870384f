package io.lepton.spark.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How often what was given a probability came about, by bins of equal width: for two classes that
 * an example is of class 1, for more that the most probable class is right (Guo et al., "On
 * Calibration of Modern Neural Networks", 2017).
 *
 * @param bins from 0 to 1, each without its lower end
 */
public record Reliability(List<Bin> bins) {
  /**
   * One of the bins.
   *
   * @param weight of its examples
   * @param confidence mean probability; NaN without examples
   * @param frequency share that came about; NaN without examples
   */
  public record Bin(double weight, double confidence, double frequency) {
    double gap() {
      return Math.abs(confidence - frequency);
    }
  }

  public Reliability {
    bins = List.copyOf(bins);
  }

  static Reliability of(int bins, Totals totals, int first) {
    return new Reliability(
        IntStream.range(0, bins)
            .map(bin -> first + 3 * bin)
            .mapToObj(
                at ->
                    new Bin(
                        totals.at(at),
                        totals.at(at + 1) / totals.at(at),
                        totals.at(at + 2) / totals.at(at)))
            .toList());
  }

  static int bin(double probability, int bins) {
    return (int) Math.min(Math.max(Math.ceil(probability * bins) - 1, 0), bins - 1);
  }

  /** Mean gap between confidence and frequency, by weight. */
  public double expectedError() {
    double weight = bins.stream().mapToDouble(Bin::weight).sum();
    return bins.stream()
            .filter(bin -> bin.weight() > 0)
            .mapToDouble(bin -> bin.weight() * bin.gap())
            .sum()
        / weight;
  }

  /** The largest gap. */
  public double largestError() {
    return bins.stream()
        .filter(bin -> bin.weight() > 0)
        .mapToDouble(Bin::gap)
        .max()
        .orElse(Double.NaN);
  }
}
