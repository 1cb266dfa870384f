package io.lepton.spark;

import java.math.BigDecimal;
import java.time.Duration;

/** How messages tell a time. */
final class Seconds {
  private Seconds() {}

  /** In seconds, down to milliseconds. */
  static String of(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
