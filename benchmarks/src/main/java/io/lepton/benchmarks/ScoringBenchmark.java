package io.lepton.benchmarks;

import io.lepton.spark.LeptonSpark;
import io.lepton.spark.ml.LeptonEstimator;
import io.lepton.spark.ml.ScoringProbe;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows a second that one task of {@code transform} scores with a network 28-64-1, decoding and
 * columns of scores included, Spark's plan and its jobs left out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScoringBenchmark {
  private static final int ROWS = 4096;

  private TableSample sample;
  private SparkSession spark;
  private ScoringProbe probe;

  /** Trains the network. */
  @Setup
  public void train() {
    sample = TableSample.of(GeneratedTable.FLOATS, ROWS);
    spark =
        LeptonSpark.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate();
    Dataset<Row> data = spark.createDataFrame(sample.values(), sample.schema()).coalesce(1);
    probe =
        new ScoringProbe(
            new LeptonEstimator()
                .setSettings(
                    """
                    data.inputs.x { columns = "f*" }
                    data.label.classes = 2
                    model.layers = [ { dense { units = 64, activation = relu } }, { dense { units = 1 } } ]
                    """)
                .setEpochs(1)
                .setReplicas(1)
                .fit(data),
            data);
  }

  /** A columnar batch. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public ColumnVector[] columns() {
    return probe.score(sample.batch());
  }

  /** Row after row. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public ColumnVector[] rows() {
    return probe.score(sample.rows());
  }

  /** Ends the session. */
  @TearDown
  public void close() {
    probe.close();
    spark.stop();
    sample.close();
  }
}
