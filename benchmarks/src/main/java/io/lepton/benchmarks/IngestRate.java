package io.lepton.benchmarks;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ShardWriter;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.spark.ingest.Ingest;
import io.lepton.spark.ingest.ScanProbe;
import io.lepton.spark.ingest.ShardStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows a second of an ingest, against Spark's own columnar scan of the same file, against boxed
 * rows read value by value, and against writing as many bytes to files and nothing else.
 */
public final class IngestRate {
  private static final int BUCKETS = 2;
  private static final int PARTITIONS = 4;
  private static final int WARMUPS = 2;
  private static final int ROUNDS = 7;
  private static final long CHUNK_BYTES = 16L << 20;
  private static final Path DATA = Path.of("benchmarks/target/data");

  private final GeneratedTable table;
  private final Dataset<Row> data;
  private final DataBinding binding;

  private IngestRate(GeneratedTable table, SparkSession spark) {
    this.table = table;
    this.data = LeptonSpark.read(spark, "parquet", table.in(DATA, spark), PARTITIONS);
    this.binding = DataBinding.bind(table.spec(), data.schema());
  }

  /**
   * Prints a table to standard output.
   *
   * @param arguments the number of cores, 1 if there is none
   */
  public static void main(String[] arguments) throws IOException {
    String cores = arguments.length == 0 ? "1" : arguments[0];
    System.out.printf(
        "%s, %s of %d cores, load average at the start %s%n%n",
        Runtime.version(),
        cores,
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    try (SparkSession spark =
        LeptonSpark.builder()
            .master("local[" + cores + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      ResultTable results = new ResultTable(System.out);
      for (GeneratedTable table : GeneratedTable.values()) {
        new IngestRate(table, spark).measure(results);
      }
    }
  }

  private void measure(ResultTable results) {
    String name = table + ": ";
    Map<String, List<Double>> samples =
        new Alternation<Double>()
            .side(name + "Spark's columnar scan", rate(() -> ScanProbe.scan(data, binding)))
            .side(name + "ingest", rate(this::ingest))
            .side(name + "boxed rows, each value read", rate(this::readBoxed))
            .side(name + "writing the bytes alone", rate(this::write))
            .measure(WARMUPS, ROUNDS);
    results.rows(samples, "rows/s");
    for (String other : samples.keySet()) {
      if (!other.endsWith("ingest")) {
        String side = other.substring(name.length());
        results.row(
            name + "ingest / " + side,
            Samples.ratios(samples.get(name + "ingest"), samples.get(other)),
            "ratio");
      }
    }
  }

  private Supplier<Double> rate(Runnable work) {
    return () -> table.rows() / Stopwatch.seconds(work);
  }

  private void ingest() {
    try (Ingest ingest =
        Ingest.whole("the table", data, binding, 1, BUCKETS, ShardStorage.OF_SPARK)) {
      if (ingest.training().rows() != table.rows()) {
        throw new IllegalStateException("all rows must arrive");
      }
    }
  }

  private void readBoxed() {
    GeneratedTable kind = table;
    ForeachPartitionFunction<Row> touch =
        rows -> {
          float sum = 0;
          while (rows.hasNext()) {
            sum += kind.touch(rows.next());
          }
          if (Float.isNaN(sum)) {
            throw new IllegalStateException("no value is NaN");
          }
        };
    data.foreachPartition(touch);
  }

  private void write() {
    List<ColumnSpec> columns = binding.columns();
    long rowBytes = columns.stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    int rowsPerChunk = (int) (CHUNK_BYTES / rowBytes);
    try {
      Path path = Files.createTempDirectory(DATA, "write").resolve("shard");
      try (ChunkBuffer chunk = new ChunkBuffer(columns, rowsPerChunk, ExecutorMemory.INGEST);
          ShardWriter writer = new ShardWriter(path, columns)) {
        chunk.take(rowsPerChunk);
        while (writer.rows() < table.rows()) {
          writer.write(chunk);
        }
      }
      Files.delete(path.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
