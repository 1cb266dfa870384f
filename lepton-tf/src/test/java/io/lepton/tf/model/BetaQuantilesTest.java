package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetaQuantilesTest {
  private static final int INTERVALS = 1024;

  @Test
  void anAlphaOfOneIsUniform() {
    double[] quantiles = BetaQuantiles.of(1, INTERVALS);
    for (int i = 0; i <= INTERVALS; i++) {
      assertThat(quantiles[i]).isCloseTo((double) i / INTERVALS, within(1e-12));
    }
  }

  @Test
  void anAlphaOfAHalfIsTheArcsineDistribution() {
    double[] quantiles = BetaQuantiles.of(0.5, INTERVALS);
    for (int i = 0; i <= INTERVALS; i++) {
      double sine = Math.sin(Math.PI / 2 * i / INTERVALS);
      assertThat(quantiles[i]).isCloseTo(sine * sine, within(1e-12));
    }
  }

  @Test
  void anAlphaOfThreeIsAPolynomial() {
    double[] quantiles = BetaQuantiles.of(3, INTERVALS);
    for (int i = 0; i <= INTERVALS; i++) {
      double x = quantiles[i];
      double probability = x * x * x * (10 - 15 * x + 6 * x * x);
      assertThat(probability).isCloseTo((double) i / INTERVALS, within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.4, 5})
  void theDistributionFunctionIsTheIntegralOfTheDensity(double alpha) {
    double[] quantiles = BetaQuantiles.of(alpha, INTERVALS);
    double whole = integral(alpha, 0.5);
    for (int i = 64; i < INTERVALS / 2; i += 64) {
      double probability = integral(alpha, quantiles[i]) / whole / 2;
      assertThat(probability).isCloseTo((double) i / INTERVALS, within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.1, 1, 30, 1e4})
  void quantilesRiseFromZeroToOneAndAreSymmetric(double alpha) {
    double[] quantiles = BetaQuantiles.of(alpha, INTERVALS);
    assertThat(quantiles[0]).isZero();
    assertThat(quantiles[INTERVALS]).isEqualTo(1);
    assertThat(quantiles[INTERVALS / 2]).isCloseTo(0.5, within(1e-9));
    for (int i = 1; i <= INTERVALS; i++) {
      assertThat(quantiles[i]).isBetween(quantiles[i - 1], 1.0);
      assertThat(quantiles[i]).isCloseTo(1 - quantiles[INTERVALS - i], within(1e-12));
    }
  }

  /** Of the density from 0 to x, by the midpoint rule in {@code t = s^(1/alpha)}. */
  private static double integral(double alpha, double x) {
    int steps = 20000;
    double end = Math.pow(x, alpha);
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      sum += Math.pow(1 - Math.pow((i + 0.5) / steps * end, 1 / alpha), alpha - 1);
    }
    return sum * end / steps;
  }
}
