package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
  @Test
  void meanAndDeviationAreThoseOfExactArithmetic() {
    double[] values = new Random(1).doubles(1000, 1e6, 1e6 + 1).toArray();
    Moments moments = of(values, 0, values.length);

    assertThat(moments.count()).isEqualTo(1000);
    assertThat(moments.mean()).isCloseTo(mean(values), within(1e-9));
    assertThat(moments.deviation()).isCloseTo(deviation(values), within(1e-9));
  }

  @Test
  void partsMergeToTheWhole() {
    double[] values = new Random(2).doubles(1000, -5, 50).toArray();
    Moments moments = new Moments();
    moments.merge(of(values, 0, 10));
    moments.merge(new Moments());
    moments.merge(of(values, 10, 700));
    moments.merge(of(values, 700, 1000));

    assertThat(moments.count()).isEqualTo(1000);
    assertThat(moments.mean()).isCloseTo(mean(values), within(1e-12));
    assertThat(moments.deviation()).isCloseTo(deviation(values), within(1e-12));
  }

  @Test
  void equalNumbersDeviateByExactlyNothing() {
    double[] values = new double[99];
    Arrays.fill(values, 0.1);
    Moments moments = of(values, 0, 50);
    moments.merge(of(values, 50, 99));

    assertThat(moments.mean()).isEqualTo(0.1);
    assertThat(moments.deviation()).isZero();
  }

  private static Moments of(double[] values, int from, int to) {
    Moments moments = new Moments();
    for (int i = from; i < to; i++) {
      moments.add(values[i]);
    }
    return moments;
  }

  private static double mean(double[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128).doubleValue();
  }

  private static double deviation(double[] values) {
    BigDecimal mean = new BigDecimal(mean(values));
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    return Math.sqrt(
        sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128).doubleValue());
  }
}
