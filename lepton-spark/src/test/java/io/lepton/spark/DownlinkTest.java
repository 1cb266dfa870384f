package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.Tasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A shadow of parameters that change at random. */
class DownlinkTest {
  private static final int BLOCK = 256;
  private static final int SENT = 40 * BLOCK + 100;
  private static final int SIZE = SENT + 60;
  private static final DeltaForm FORM = new DeltaForm(DeltaCodec.INT8, false, SENT, 16 * BLOCK);

  private final Random random = new Random(3);
  private JavaSparkContext spark;
  private Broadcast<Integer> series;

  @AfterEach
  void nothingIsLeft() {
    series.destroy();
    Tasks.awaitNoBlocks(series.id());
    assertThat(Tasks.blocks()).isZero();
  }

  @Test
  void theShadowIsThatOfAPlainLoop() {
    start(Cluster.local());
    FlatVector parameters = parameters();
    Downlink downlink = new Downlink(FORM, series.id(), parameters);
    float[] shadow = values(parameters);
    for (int round = 0; round < 4; round++) {
      FlatVector next = round == 0 ? parameters : moved(parameters);
      for (int block = 0; block < SENT; block += BLOCK) {
        add(values(next), shadow, block, Math.min(SENT, block + BLOCK));
      }
      try (BlockScope scope = new BlockScope(spark)) {
        SharedVector shared = downlink.publish(scope, next);
        assertThat(bits(values(shared.value()))).isEqualTo(bits(shadow));
      }
      parameters = next;
    }
    for (int i = 0; i < SENT; i++) {
      assertThat(shadow[i]).isNotNaN();
    }
  }

  @Test
  void aProcessThatHasTheShadowAddsAndOneThatHasNotFetchesItToTheSameBits() {
    start(Cluster.processes());
    FlatVector parameters = parameters();
    Downlink downlink = new Downlink(FORM, series.id(), parameters);
    String first;
    try (BlockScope scope = new BlockScope(spark)) {
      Map<String, Long> received = received(downlink.publish(scope, parameters), 1);
      first = received.keySet().iterator().next();
      assertThat(received).containsOnly(Map.entry(first, 4L * SIZE));
    }
    for (int round = 1; round < 4; round++) {
      parameters = moved(parameters);
      try (BlockScope scope = new BlockScope(spark)) {
        Map<String, Long> received = received(downlink.publish(scope, parameters), 2);
        long coded = received.get(first);
        assertThat(coded).isPositive().isLessThan((long) (0.27 * 4 * SIZE));
        long late = received.get(first.equals("0") ? "1" : "0");
        assertThat(late).isEqualTo(round == 1 ? 4L * SIZE : coded);
      }
    }
    downlink.reset(parameters);
    try (BlockScope scope = new BlockScope(spark)) {
      assertThat(received(downlink.publish(scope, parameters), 2).values()).containsOnly(4L * SIZE);
    }
  }

  /** What each process received, once so many have the driver's bits. */
  private Map<String, Long> received(SharedVector shared, int processes) {
    long expected = DeltaForm.checksum(List.of(shared.value().bytes()));
    Map<String, Long> received = new HashMap<>();
    Deadline.await(
        Duration.ofSeconds(20),
        "%d processes have the vector".formatted(processes),
        () -> {
          Tasks.run(
                  spark,
                  processes * processes,
                  (context, none) ->
                      "%s %d %d"
                          .formatted(
                              SparkEnv.get().executorId(),
                              DeltaForm.checksum(List.of(shared.value().bytes())),
                              shared.received()))
              .forEach(
                  line -> {
                    String[] words = line.split(" ", -1);
                    assertThat(Long.parseLong(words[1])).isEqualTo(expected);
                    received.put(words[0], Long.valueOf(words[2]));
                  });
          return received.size() == processes;
        });
    return received;
  }

  private void start(SparkSession session) {
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    series = spark.broadcast(1);
  }

  /** Some of them are zeros with a sign. */
  private FlatVector parameters() {
    FlatVector vector = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      vector.set(i, i % 5 == 0 ? -0f : (float) random.nextGaussian());
    }
    return vector;
  }

  /** Eight blocks move, in another unit each, and eight do not. */
  private FlatVector moved(FlatVector from) {
    FlatVector next = from.copy();
    for (int i = 0; i < SENT; i++) {
      if (Math.min(39, i / BLOCK) / 8 % 2 == 0) {
        next.set(i, next.get(i) + (float) (random.nextGaussian() / (1 + i / BLOCK)));
      }
    }
    return next;
  }

  /** Blocks that do not differ are left alone, as a sum with 0 would take a zero's sign. */
  private static void add(float[] parameters, float[] shadow, int from, int to) {
    float[] apart = new float[to - from];
    float largest = 0;
    for (int i = from; i < to; i++) {
      apart[i - from] = parameters[i] - shadow[i];
      largest = Math.max(largest, Math.abs(apart[i - from]));
    }
    float scale = Math.max(largest / 127, Float.MIN_NORMAL);
    for (int i = from; i < to; i++) {
      if (largest > 0) {
        shadow[i] += (byte) Math.rint(apart[i - from] * (1 / scale)) * scale;
      }
    }
  }

  private static float[] values(FlatVector vector) {
    float[] values = new float[(int) vector.size()];
    vector.floats().get(values);
    return values;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
