package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class CounterNoiseTest {
  private static final int EXAMPLES = 2000;
  private static final int NUMBERS = 50;
  private static final double COUNT = EXAMPLES * NUMBERS;

  @Test
  void theGraphComputesTheBitsOfLongArithmetic() {
    Random random = new Random(1);
    long[] ids = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong()};
    long[] counters = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong()};
    for (long key : new long[] {0, 1, -1, Long.MIN_VALUE, random.nextLong()}) {
      float[] uniforms = uniforms(key, ids, counters);
      for (int i = 0; i < uniforms.length; i++) {
        ReferenceNoise noise = new ReferenceNoise(key, ids[i / counters.length]);
        assertThat(uniforms[i]).isEqualTo(noise.uniform(counters[i % counters.length]));
      }
    }
  }

  @Test
  void saltsAndCountersAreThoseOfTheReference() {
    long[] counters = CounterNoise.counters(CounterNoise.salt("image", 2), 4);
    float[] uniforms = uniforms(3, new long[] {8}, counters);
    ReferenceNoise noise = new ReferenceNoise(3, 8);
    for (int i = 0; i < 4; i++) {
      assertThat(uniforms[i]).isEqualTo(noise.draw("image", 2, i));
    }
  }

  @Test
  void numbersAreUniform() {
    float[] uniforms = many(1, 0);
    int bins = 256;
    int[] counts = new int[bins];
    double sum = 0;
    double squares = 0;
    for (float uniform : uniforms) {
      assertThat(uniform).isBetween(0f, Math.nextDown(1f));
      counts[(int) (uniform * bins)]++;
      sum += uniform;
      squares += uniform * uniform;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - COUNT / bins, 2) / (COUNT / bins);
    }
    double mean = sum / COUNT;
    assertThat(mean).isCloseTo(0.5, within(4 / Math.sqrt(12 * COUNT)));
    assertThat(squares / COUNT - mean * mean).isCloseTo(1 / 12.0, within(0.001));
    assertThat(chiSquare).isCloseTo(bins - 1, within(4 * Math.sqrt(2.0 * bins)));
  }

  @Test
  void neighboursHaveNothingInCommon() {
    float[] uniforms = many(1, 0);
    float[] nextKey = many(2, 0);
    float[] nextSalt = many(1, 1);
    float[] nextId = new float[uniforms.length];
    float[] nextNumber = new float[uniforms.length];
    for (int i = 0; i < uniforms.length; i++) {
      nextId[i] = uniforms[(i + NUMBERS) % uniforms.length];
      nextNumber[i] = uniforms[(i + 1) % uniforms.length];
    }
    for (float[] other : List.of(nextKey, nextSalt, nextId, nextNumber)) {
      assertThat(correlation(uniforms, other)).isCloseTo(0, within(4 / Math.sqrt(COUNT)));
    }
  }

  @Test
  void everyBitIsAsOftenSetAsNotWhenOneBitOfTheIdChanges() {
    for (int bit = 0; bit < 64; bit++) {
      int flips = 0;
      long[] ids = {5, 5 ^ (1L << bit)};
      float[] uniforms = uniforms(3, ids, CounterNoise.counters(11, 100));
      for (int i = 0; i < 100; i++) {
        int first = (int) (uniforms[i] * 0x1p24f);
        int second = (int) (uniforms[100 + i] * 0x1p24f);
        flips += Integer.bitCount(first ^ second);
      }
      assertThat(flips / 2400.0).isCloseTo(0.5, within(0.05));
    }
  }

  private static double correlation(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - 0.5) * (b[i] - 0.5);
    }
    return sum / a.length * 12;
  }

  private static float[] many(long key, int position) {
    return uniforms(
        key,
        LongStream.range(0, EXAMPLES).toArray(),
        CounterNoise.counters(CounterNoise.salt("input", position), NUMBERS));
  }

  private static float[] uniforms(long key, long[] ids, long... counters) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      CounterNoise noise = CounterNoise.of(tf, tf.constant(key), tf.constant(ids));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(noise.uniforms(tf, counters)).run()) {
        return LocalProgram.values((TFloat32) result.get(0));
      }
    }
  }
}
