package io.lepton.benchmarks;

import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.ExampleDecoder;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.InternalRow;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows a second into columns that can be lent, by the decoders of ingest and scoring: out of
 * Spark's rows, and out of columnar batches outside the heap as a scan gives them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowConversionBenchmark {
  private static final int ROWS = 4096;

  /** What they hold. */
  @Param public GeneratedTable table;

  private TableSample sample;
  private ExampleDecoder decoder;

  /** Makes the rows, and the same as a batch. */
  @Setup
  public void fill() {
    sample = TableSample.of(table, ROWS);
    DataBinding binding = DataBinding.bind(table.spec(), sample.schema());
    int[] ordinals = binding.sources().stream().mapToInt(sample.schema()::fieldIndex).toArray();
    decoder = new ExampleDecoder(binding, ordinals, ROWS, 0);
  }

  /** Row after row. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int rows() {
    decoder.clear();
    for (InternalRow row : sample.rows()) {
      decoder.decode(row);
    }
    return requireAll();
  }

  /** The batch. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int columns() {
    decoder.clear();
    decoder.decode(sample.batch(), 0, ROWS);
    return requireAll();
  }

  /** Frees the memory. */
  @TearDown
  public void close() {
    decoder.close();
    sample.close();
  }

  private int requireAll() {
    if (!decoder.defects().isEmpty()) {
      throw new IllegalStateException("no row may be refused, but were: " + decoder.defects());
    }
    return decoder.rows();
  }
}
