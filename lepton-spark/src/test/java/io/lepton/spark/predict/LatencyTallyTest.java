package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyTallyTest {
  @Test
  void percentilesAreThoseOfAllRowsInOrder() {
    Random random = new Random(3);
    LatencyTally tally = new LatencyTally();
    long[] each = new long[0];
    for (int batch = 0; batch < 50; batch++) {
      int rows = random.nextInt(20);
      long millis = random.nextInt(1000);
      tally.add(millis, rows);
      int before = each.length;
      each = Arrays.copyOf(each, before + rows);
      Arrays.fill(each, before, before + rows, millis);
    }
    Arrays.sort(each);

    assertThat(tally.percentiles())
        .isEqualTo(new Percentiles(at(each, 0.5), at(each, 0.95), at(each, 0.99), at(each, 1)));
    assertThat(new LatencyTally().percentiles()).isEqualTo(new Percentiles(0, 0, 0, 0));
  }

  @Test
  void longTimesAreRoundedUpToFourDigitsAndThoseBeforeTheBeginAreNone() {
    LatencyTally tally = new LatencyTally();
    tally.add(-5, 6);
    tally.add(9_999, 3);
    tally.add(12_345_678, 1);

    assertThat(tally.percentiles()).isEqualTo(new Percentiles(0, 12_350, 12_350, 12_350));
    tally.add(9_999, 90);
    assertThat(tally.percentiles()).isEqualTo(new Percentiles(9.999, 9.999, 9.999, 12_350));
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e3;
  }
}
