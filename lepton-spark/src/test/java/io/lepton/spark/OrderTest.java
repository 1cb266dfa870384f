package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.arrow.MappedShard;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.Ingest;
import io.lepton.spark.ingest.Shard;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.BatchRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class OrderTest {
  private static final DataSpec SPEC =
      new DataSpec(
          List.of(InputSpec.numbers("x", List.of("id"), ElementType.INT64, List.of())),
          LabelSpec.of("y", 0),
          null);

  @Test
  void anEpochVisitsEachRowOfTheSourceOnceInAnOrderThatTheSeedDecides() {
    Random random = new Random(31);
    for (int i = 0; i < 20; i++) {
      int rows = 1 + random.nextInt(3000);
      int partitions = 1 + random.nextInt(6);
      int replicas = 1 + random.nextInt(5);
      int batchSize = 1 + random.nextInt(200);
      int slots = 1 + random.nextInt(8);
      long seed = random.nextLong();
      String what =
          "%d rows, %d partitions, %d replicas, batch %d, %d slots"
              .formatted(rows, partitions, replicas, batchSize, slots);
      Dataset<Row> data =
          Cluster.local().range(0, rows, 1, partitions).selectExpr("id", "float(id) as y");

      List<Long> first = epoch(data, seed, 1, replicas, batchSize, slots);
      List<Long> again = epoch(data, seed, 1, replicas, batchSize, slots);
      List<Long> next = epoch(data, seed, 2, replicas, batchSize, slots);

      List<Long> all = LongStream.range(0, rows).boxed().toList();
      assertThat(first).as(what).containsExactlyInAnyOrderElementsOf(all);
      assertThat(next).as(what).containsExactlyInAnyOrderElementsOf(all);
      assertThat(again).as(what).isEqualTo(first);
      if (rows > 100) {
        assertThat(next).as(what).isNotEqualTo(first);
      }
    }
  }

  /** The ids of all rows, replica after replica, in the order of its batches. */
  private static List<Long> epoch(
      Dataset<Row> data, long seed, int epoch, int replicas, int batchSize, int slots) {
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    try (Ingest ingest =
        Ingest.whole("the data", data, binding, seed, replicas, ShardStorage.OF_SPARK)) {
      ShardSet set = ingest.training();
      List<Long> ids = new ArrayList<>();
      List<List<long[]>> chunks = chunks(set);
      for (int replica = 0; replica < replicas; replica++) {
        List<long[]> ofReplica = chunks.get(replica);
        EpochOrder order =
            new EpochOrder(set.chunkRows(replica), slots, batchSize, seed, epoch, replica);
        BatchRows batch = new BatchRows(batchSize);
        order.visit(
            0,
            order.steps(),
            (window, from, to, firstStep) -> {
              for (int step = from; step < to; step++) {
                window.fill(step, batch);
                for (int i = 0; i < batch.size(); i++) {
                  ids.add(ofReplica.get(window.chunk(batch.slot(i)))[batch.row(i)]);
                }
              }
            });
      }
      return ids;
    }
  }

  private static List<List<long[]>> chunks(ShardSet set) {
    List<List<long[]>> chunks = new ArrayList<>();
    for (int i = 0; i < set.buckets(); i++) {
      chunks.add(List.of());
    }
    Jobs.run(
        set.shards(),
        set.partitions(),
        (context, shards) -> ids(shards),
        (bucket, text) -> chunks.set(bucket, text.lines().map(OrderTest::parse).toList()));
    return chunks;
  }

  private static long[] parse(String line) {
    return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /** A line for each chunk. */
  private static String ids(Iterator<Shard> shards) {
    StringBuilder text = new StringBuilder();
    while (shards.hasNext()) {
      for (MappedShard.Chunk chunk : shards.next().chunks()) {
        for (long row = 0; row < chunk.rows(); row++) {
          text.append(chunk.column(0).getLong(row * Long.BYTES)).append(' ');
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
