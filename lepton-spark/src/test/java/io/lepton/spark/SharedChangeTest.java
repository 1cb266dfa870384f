package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.Rendezvous;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a shadow that is large enough for five executors to take them from each other. */
class SharedChangeTest {
  private static final int EXECUTORS = 5;
  private static final int SIZE = 5_000_003;

  @TempDir private Path directory;

  @Test
  void oneCopyOfAChangeLeavesTheDriverIfOneExecutorHasItBeforeTheOthers() {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(Cluster.processes(EXECUTORS, 1, Map.of()).sparkContext());
    Broadcast<Integer> series = spark.broadcast(1);
    FlatVector parameters = FlatVector.allocate(SIZE);
    Downlink downlink =
        new Downlink(new DeltaForm(DeltaCodec.INT8, false, SIZE), series.id(), parameters);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < SIZE; i++) {
        parameters.set(i, (float) Math.sin(round + i));
      }
      try (BlockScope scope = new BlockScope(spark)) {
        SharedVector shared = downlink.publish(scope, parameters);
        long expected = DeltaForm.checksum(List.of(shared.value().bytes()));
        long bytes = shared.received().bytes();
        List<String> reads = readOneAfterTheOthers(spark, shared, "round" + round);

        assertThat(bytes)
            .isEqualTo(round == 0 ? 4L * SIZE : DeltaForm.bytes(DeltaCodec.INT8, SIZE));
        String ofDriver = "%d %d %d".formatted(expected, bytes, bytes);
        String ofOthers = "%d %d %d".formatted(expected, bytes, 0);
        assertThat(reads)
            .containsExactlyInAnyOrder(ofDriver, ofOthers, ofOthers, ofOthers, ofOthers);
      }
    }
    series.destroy();
    Tasks.awaitNoBlocks(series.id());
    Deadline.await(Duration.ofSeconds(10), "blocks removed", () -> Tasks.blocks() == 0);
  }

  private List<String> readOneAfterTheOthers(
      JavaSparkContext spark, SharedVector shared, String round) {
    Rendezvous meeting = Rendezvous.in(directory.resolve(round));
    return Tasks.run(
        spark,
        EXECUTORS,
        (context, none) -> {
          if (meeting.meet("start", EXECUTORS) > 0) {
            meeting.await("done", 1);
          }
          long checksum = DeltaForm.checksum(List.of(shared.value().bytes()));
          SharedVector.Received received = shared.received();
          meeting.arrive("done", SparkEnv.get().executorId());
          return "%d %d %d".formatted(checksum, received.bytes(), received.fromDriver());
        });
  }
}
