package io.lepton.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MovementTest {
  private static final int SIZE = 20_000;

  @Test
  void replicasThatMoveAlikeAgree() {
    double[] delta = noise(1);
    Movement movement = of(new double[] {1, 1}, delta, delta);
    assertThat(movement.disagreement()).isCloseTo(0, within(1e-9));
    assertThat(movement.norm()).isCloseTo(norm(delta), within(1e-9));
  }

  @Test
  void independentNoiseDisagreesByOneHoweverManyReplicasAndWhateverTheyWeigh() {
    assertThat(of(new double[] {1, 1}, noise(1), noise(2)).disagreement())
        .isCloseTo(1, within(0.05));
    assertThat(of(new double[] {1, 3, 2, 5}, noise(1), noise(2), noise(3), noise(4)).disagreement())
        .isCloseTo(1, within(0.1));
  }

  @Test
  void replicasThatPullApartDisagreeMoreThanNoise() {
    double[] apart = noise(1);
    double[] other = noise(2);
    for (int i = 0; i < SIZE; i++) {
      other[i] = -0.5 * apart[i] + 0.5 * other[i];
    }
    assertThat(of(new double[] {1, 1}, apart, other).disagreement()).isGreaterThan(2);
  }

  @Test
  void oneReplicaAgreesWithItself() {
    assertThat(of(new double[] {3}, noise(1)).disagreement()).isZero();
  }

  @Test
  void theCosineIsThatOfTheMeanWithTheOneBefore() {
    Movement.Gatherer gatherer = new Movement.Gatherer();
    gatherer.replica(1, 25);
    gatherer.elements(
        sums(new double[] {9, 3, 4}, new float[] {9, 3, 7}, new float[] {8, 2, 7}, 1, 2));
    assertThat(gatherer.movement().cosine()).isCloseTo(0.6, within(1e-12));
    assertThat(gatherer.movement().norm()).isCloseTo(5, within(1e-12));
  }

  @Test
  void everyElementOfAnOddNumberCounts() {
    for (int count = 1; count <= 5; count++) {
      Movement.Gatherer gatherer = new Movement.Gatherer();
      double[] mean = new double[count];
      float[] moved = new float[count];
      mean[count - 1] = 3;
      moved[count - 1] = 2;
      gatherer.replica(1, 9);
      gatherer.elements(sums(mean, moved, new float[count], 0, count));
      assertThat(gatherer.movement().norm()).isEqualTo(3);
      assertThat(gatherer.movement().cosine()).isEqualTo(1);
    }
  }

  @Test
  void nothingThatMovedIsNoDisagreement() {
    Movement movement = of(new double[] {1, 1}, new double[SIZE], new double[SIZE]);
    assertThat(movement).isEqualTo(new Movement(0, 0, 0));
  }

  private static Movement of(double[] weights, double[]... deltas) {
    Movement.Gatherer gatherer = new Movement.Gatherer();
    double[] mean = new double[SIZE];
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    for (int r = 0; r < deltas.length; r++) {
      gatherer.replica(weights[r], norm(deltas[r]) * norm(deltas[r]));
      for (int i = 0; i < SIZE; i++) {
        mean[i] += weights[r] / total * deltas[r][i];
      }
    }
    gatherer.elements(sums(mean, new float[SIZE], new float[SIZE], 0, 777));
    gatherer.elements(sums(mean, new float[SIZE], new float[SIZE], 777, SIZE - 777));
    return gatherer.movement();
  }

  private static Movement.Sums sums(
      double[] mean, float[] start, float[] earlier, int from, int count) {
    Movement.Sums sums = new Movement.Sums();
    sums.add(mean, start, earlier, from, count);
    return sums;
  }

  private static double[] noise(long seed) {
    return new Random(seed).doubles(SIZE, -1, 1).toArray();
  }

  private static double norm(double[] vector) {
    double squared = 0;
    for (double element : vector) {
      squared += element * element;
    }
    return Math.sqrt(squared);
  }
}
