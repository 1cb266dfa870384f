package io.lepton.tf;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A number derived from sums over examples, which a summary holds after those of loss and weight.
 *
 * @param name what it is asked for by
 * @param derivation of its value
 * @param at its first sum, from 0; several metrics may share sums
 * @param width how many sums
 */
public record Metric(String name, Derivation derivation, int at, int width)
    implements Serializable {

  /** Weighted means of examples, one sum each, in this order. */
  public static List<Metric> means(List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Metric(names.get(i), Derivation.MEAN, i, 1))
        .toList();
  }

  int end() {
    return at + width;
  }

  /** Its value; NaN of a summary that does not measure it. */
  double value(double weight, double[] sums) {
    return sums.length < end()
        ? Double.NaN
        : derivation.value(weight, Arrays.copyOfRange(sums, at, end()));
  }
}
