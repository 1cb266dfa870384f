package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileSketchTest {
  @Test
  void fewNumbersHaveTheirExactQuantiles() {
    QuantileSketch sketch = of(4, 1, 3, 2);

    assertThat(sketch.quantile(0)).isEqualTo(1);
    assertThat(sketch.quantile(0.25)).isEqualTo(1.75);
    assertThat(sketch.quantile(0.5)).isEqualTo(2.5);
    assertThat(sketch.quantile(1)).isEqualTo(4);
    assertThat(of(7).quantile(0.5)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2047})
  void quantilesAreExactAsLongAsAllIsKept(int count) {
    double[] values = new Random(count).doubles(count).toArray();
    QuantileSketch sketch = of(values);
    Arrays.sort(values);

    for (int i = 0; i < count; i++) {
      assertThat(sketch.quantile(i / (count - 1.0))).isCloseTo(values[i], within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 5000, 100_000, 1_000_000})
  void ranksAreOffByNoMoreThanPromised(int count) {
    Random random = new Random(count);
    double[] values = random.doubles(count).map(x -> x * x).toArray();
    assertRanks(of(values), values);
    Arrays.sort(values);
    assertRanks(of(values), values);
  }

  @Test
  void partsMergeToSomethingAsGood() {
    double[] values = new Random(9).doubles(300_000).toArray();
    QuantileSketch sketch = new QuantileSketch();
    for (int part = 0; part < 100; part++) {
      sketch.merge(of(Arrays.copyOfRange(values, part * 3000, part * 3000 + 3000)));
    }

    assertRanks(sketch, values);
  }

  @Test
  void theSameNumbersInTheSameOrderGiveTheSame() {
    double[] values = new Random(4).doubles(50_000).toArray();

    assertThat(of(values).quantile(0.3)).isEqualTo(of(values).quantile(0.3));
  }

  private static void assertRanks(QuantileSketch sketch, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double bound = Math.max(0, Math.log(values.length / 2048.0) / Math.log(2)) / 4096 + 1e-3;
    for (double share : new double[] {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1}) {
      int at = Arrays.binarySearch(sorted, sketch.quantile(share));
      double rank = (at < 0 ? -at - 1 : at) / (double) values.length;
      assertThat(rank).as("rank of the %s quantile", share).isCloseTo(share, within(bound));
    }
  }

  private static QuantileSketch of(double... values) {
    QuantileSketch sketch = new QuantileSketch();
    for (double value : values) {
      sketch.add(value);
    }
    return sketch;
  }
}
