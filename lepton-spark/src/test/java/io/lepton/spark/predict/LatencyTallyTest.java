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

    for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
      assertThat(tally.seconds(share))
          .isEqualTo(each[(int) Math.ceil(share * each.length) - 1] / 1e3);
    }
    assertThat(new LatencyTally().seconds(0.5)).isZero();
  }
}
