package io.lepton.spark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExactSumsTest {
  private static final Random RANDOM = new Random(3);

  @Test
  void aSumIsTheRealOneRoundedOnceWhateverTheMagnitudes() {
    for (int round = 0; round < 300; round++) {
      double[] terms = terms(200);
      ExactSums sums = new ExactSums(3);
      BigDecimal expected = BigDecimal.ZERO;
      for (double term : terms) {
        sums.add(1, term);
        expected = expected.add(new BigDecimal(term));
      }

      assertThat(sums.value(1)).isEqualTo(expected.doubleValue());
      assertThat(sums.value(0)).isZero();
      assertThat(sums.value(2)).isZero();
    }
  }

  @Test
  void partsOfASumAddUpInAnyOrder() {
    double[] terms = terms(300);
    ExactSums whole = new ExactSums(1);
    ExactSums[] parts =
        IntStream.range(0, 7).mapToObj(i -> new ExactSums(1)).toArray(ExactSums[]::new);
    for (int i = 0; i < terms.length; i++) {
      whole.add(0, terms[i]);
      parts[i % parts.length].add(0, terms[terms.length - 1 - i]);
    }
    ExactSums merged = new ExactSums(1);
    for (ExactSums part : parts) {
      merged.add(ExactSums.of(part.state()));
    }

    assertThat(merged.values()).isEqualTo(whole.values());
  }

  @Test
  void whatLiesBelowATieDecidesIt() {
    ExactSums sums = new ExactSums(1);
    sums.add(0, 1);
    sums.add(0, 0x1p-53);
    assertThat(sums.value(0)).isEqualTo(1);
    sums.add(0, 0x1p-120);
    assertThat(sums.value(0)).isEqualTo(1 + 0x1p-52);
  }

  @Test
  void whatCancelsLeavesNothing() {
    ExactSums sums = new ExactSums(1);
    for (double term : new double[] {1e100, 1, -1e100, 1e-100, -1}) {
      sums.add(0, term);
    }
    assertThat(sums.value(0)).isEqualTo(1e-100);
  }

  @Test
  void aTermThatIsNoFiniteNumberIsRefused() {
    assertThatThrownBy(() -> new ExactSums(1).add(0, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a term must be a finite number, but was: NaN");
  }

  private static double[] terms(int count) {
    return RANDOM
        .doubles(count, -1, 1)
        .map(it -> Math.scalb(it, RANDOM.nextInt(120) - 60))
        .toArray();
  }
}
