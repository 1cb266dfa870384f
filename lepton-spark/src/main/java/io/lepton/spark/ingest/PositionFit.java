package io.lepton.spark.ingest;

import io.lepton.spark.data.NumberOptions;
import java.util.List;

/**
 * What numbers at one position of a column are prepared with.
 *
 * @param fill in place of missing ones
 * @param center subtracted from prepared ones
 * @param scale prepared ones are then divided by
 */
record PositionFit(double fill, double center, double scale) {
  /** What stands for it before the data was seen. */
  static PositionFit planned(NumberOptions options) {
    return new PositionFit(options.constant(), 0, 1);
  }

  /**
   * What a distribution comes to.
   *
   * @param what its numbers are of
   * @param problems gets one if the data is wanted and there are no numbers
   */
  static PositionFit of(
      String what, Distribution distribution, NumberOptions options, List<String> problems) {
    if (!Distribution.isWanted(options)) {
      return planned(options);
    }
    if (distribution.isEmpty()) {
      problems.add(
          "%s must have values to be filled or normalised by, but has none;".formatted(what)
              + " leave it out, or fill with a constant and do not normalise");
      return planned(options);
    }
    return distribution.fit();
  }
}
