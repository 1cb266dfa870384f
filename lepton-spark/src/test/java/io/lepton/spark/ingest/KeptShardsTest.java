package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.ShardFiles;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptShardsTest {
  private static final long ROWS = 5000;
  private static final long PLENTY = 1L << 30;
  private static final DataSpec SPEC =
      new DataSpec(
          List.of(InputSpec.numbers("x", List.of("x"), ElementType.FLOAT64, List.of())),
          LabelSpec.of("y", 0),
          null);

  private final SparkSession spark = Cluster.local();

  @TempDir private Path directory;
  private String data;

  /** What an ingest gave. */
  private record Outcome(
      boolean reused, long rows, long decoded, long damaged, List<List<String>> shards) {}

  @BeforeEach
  void writeData() {
    data = directory.resolve("data.parquet").toString();
    write(ROWS);
  }

  @Test
  void theNextRunOnTheSameDataScansNothingAndHasTheSameShards() {
    Outcome first = ingest(read(), 1, PLENTY);
    Outcome second = ingest(read(), 1, PLENTY);

    assertThat(first.reused()).isFalse();
    assertThat(first.decoded()).isEqualTo(ROWS * 12);
    assertThat(second.reused()).isTrue();
    assertThat(second.decoded()).isZero();
    assertThat(second.rows()).isEqualTo(ROWS);
    assertThat(second.shards()).isEqualTo(first.shards());
  }

  @Test
  void filesThatChangedAreScannedAnew() {
    ingest(read(), 1, PLENTY);
    write(ROWS + 1);

    Outcome second = ingest(read(), 1, PLENTY);

    assertThat(second.reused()).isFalse();
    assertThat(second.rows()).isEqualTo(ROWS + 1);
  }

  @Test
  void anotherSeedOrFilterHasShardsOfItsOwn() {
    ingest(read(), 1, PLENTY);

    assertThat(ingest(read(), 2, PLENTY).reused()).isFalse();
    assertThat(ingest(read().filter("x < 100"), 1, PLENTY).reused()).isFalse();
    assertThat(ingest(read().filter("x < 200"), 1, PLENTY).reused()).isFalse();
    assertThat(ingest(read().filter("x < 100"), 1, PLENTY).reused()).isTrue();
  }

  @Test
  void dataThatIsNoFunctionOfFilesIsNotKept() {
    Dataset<Row> random = read().selectExpr("x + rand() as x", "y");
    Dataset<Row> made = spark.range(10).selectExpr("double(id) as x", "float(id) as y");
    for (Dataset<Row> each : List.of(random, made)) {
      ingest(each, 1, PLENTY);
      assertThat(ingest(each, 1, PLENTY).reused()).isFalse();
    }
  }

  @Test
  void aBitThatFlippedIsFoundAndTheShardMadeAnew() throws IOException {
    Outcome first = ingest(read(), 1, PLENTY);
    Path shard = keptShards().get(0);
    try (FileChannel file =
        FileChannel.open(shard, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(1);
      file.read(bytes, file.size() / 2);
      bytes.put(0, (byte) (bytes.get(0) ^ 4)).flip();
      file.write(bytes, file.size() / 2);
    }

    Outcome second = ingest(read(), 1, PLENTY);
    Outcome third = ingest(read(), 1, PLENTY);

    assertThat(second.damaged()).isEqualTo(1);
    assertThat(second.shards()).isEqualTo(first.shards());
    assertThat(third.reused()).isTrue();
    assertThat(third.damaged()).isZero();
    assertThat(third.shards()).isEqualTo(first.shards());
  }

  @Test
  void aTruncatedShardIsMadeAnew() throws IOException {
    Outcome first = ingest(read(), 1, PLENTY);
    try (FileChannel file = FileChannel.open(keptShards().get(1), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 100);
    }

    Outcome second = ingest(read(), 1, PLENTY);

    assertThat(second.damaged()).isEqualTo(1);
    assertThat(second.shards()).isEqualTo(first.shards());
  }

  @Test
  void theSetUsedLongestAgoGoesWhenThereIsNoRoom() {
    long room = 5 * ROWS * 12 / 2;
    ingest(read(), 1, room);
    ingest(read(), 2, room);
    ingest(read(), 1, room);
    ingest(read(), 3, room);
    ingest(read(), 4, room);

    assertThat(ingest(read(), 2, room).reused()).isFalse();
    assertThat(ingest(read(), 4, room).reused()).isTrue();
  }

  @Test
  void whatADeadProcessLeftIsRemovedAndWhatALivingOneHoldsIsNot() throws IOException {
    Path dead = processDirectory("dead");
    Path living = processDirectory("living");
    try (FileChannel lock = FileChannel.open(living.resolve("lock"), StandardOpenOption.WRITE)) {
      lock.lock();

      ingest(read(), 1, PLENTY);

      assertThat(dead).doesNotExist();
      assertThat(living.resolve("shard-1.arrow")).exists();
    }
  }

  private Path processDirectory(String name) throws IOException {
    Path path = Files.createDirectories(shards().resolve("process-" + name));
    Files.createFile(path.resolve("lock"));
    Files.createFile(path.resolve("shard-1.arrow"));
    return path;
  }

  private Outcome ingest(Dataset<Row> source, long seed, long maxBytes) {
    DataBinding binding = DataBinding.bind(SPEC, source.schema());
    ShardStorage storage = new ShardStorage(shards().toString(), maxBytes);
    try (Ingest ingest = Ingest.whole("the data", source, binding, seed, 2, storage)) {
      return new Outcome(
          ingest.report().reused(),
          ingest.rows(),
          ingest.decodedBytes(),
          ingest.report().damaged(),
          ShardText.of(ingest.training(), binding.columns()));
    }
  }

  private Path shards() {
    return directory.resolve("shards");
  }

  private List<Path> keptShards() {
    return ShardFiles.below(shards().resolve("sets"));
  }

  private Dataset<Row> read() {
    return LeptonSpark.read(spark, "parquet", data, 2);
  }

  private void write(long rows) {
    spark
        .range(0, rows, 1, 2)
        .selectExpr("double(id) as x", "float(id) as y")
        .write()
        .mode("overwrite")
        .parquet(data);
  }
}
