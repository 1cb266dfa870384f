package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class BoxMullerTest {
  private static final long[] COUNTERS = CounterNoise.counters(77, 10);

  @Test
  void pairsOfUniformsBecomePairsOfNormals() {
    long[] ids = {3, 1, 4};
    float[] normals = normals(5, ids);
    assertThat(normals).hasSize(30);
    for (int n = 0; n < 3; n++) {
      ReferenceNoise noise = new ReferenceNoise(5, ids[n]);
      for (int pair = 0; pair < 5; pair++) {
        double radius = Math.sqrt(-2 * Math.log(1 - noise.uniform(COUNTERS[pair])));
        double angle = 2 * Math.PI * noise.uniform(COUNTERS[5 + pair]);
        double cosine = radius * Math.cos(angle);
        double sine = radius * Math.sin(angle);
        assertThat((double) normals[n * 10 + pair]).isCloseTo(cosine, within(1e-5));
        assertThat((double) normals[n * 10 + 5 + pair]).isCloseTo(sine, within(1e-5));
      }
    }
  }

  @Test
  void theMomentsAreThoseOfTheNormalDistribution() {
    float[] normals = normals(1, LongStream.range(0, 20000).toArray());
    double[] moments = new double[5];
    for (float normal : normals) {
      assertThat(normal).isFinite();
      for (int power = 1; power <= 4; power++) {
        moments[power] += Math.pow(normal, power) / normals.length;
      }
    }
    assertThat(moments[1]).isCloseTo(0, within(0.01));
    assertThat(moments[2]).isCloseTo(1, within(0.015));
    assertThat(moments[3]).isCloseTo(0, within(0.04));
    assertThat(moments[4]).isCloseTo(3, within(0.1));
  }

  @Test
  void theLastExampleOfABatchIsRoundedLikeAnyOther() {
    long[] ids = LongStream.range(0, 101).toArray();
    float[] batch = normals(1, ids);
    for (int n = 0; n < ids.length; n++) {
      float[] inBatch = Arrays.copyOfRange(batch, n * 10, n * 10 + 10);
      assertThat(normals(1, n)).isEqualTo(inBatch);
    }
  }

  private static float[] normals(long key, long... ids) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      CounterNoise noise = CounterNoise.of(tf, tf.constant(key), tf.constant(ids));
      Operand<TFloat32> normals = BoxMuller.normals(tf, noise, COUNTERS);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(normals).run()) {
        return LocalProgram.values((TFloat32) result.get(0));
      }
    }
  }
}
