package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ml.ScoreColumn.Content;
import io.lepton.spark.ml.ScoreColumn.Shape;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringTaskTest {
  private static final int BATCH_BYTES = 64 << 10;

  @TempDir private Path directory;

  @Test
  void rowsAreDecodedInWholeRunsOfASession() {
    assertThat(task(10).rowsAtOnce(64)).isEqualTo(1024);
    assertThat(task(10).rowsAtOnce(960)).isEqualTo(1920);
    assertThat(task(10).takesBatches()).isTrue();
  }

  @Test
  void rowsOfWideScoresAreAsManyAsTheirBytesAllow() {
    int million = 1 << 20;

    assertThat(task(million).rowsAtOnce(64)).isEqualTo(8);
    assertThat(task(million).takesBatches()).isFalse();
    assertThat(task(Integer.MAX_VALUE).mostRows()).isEqualTo(1);
    assertThat(task(Integer.MAX_VALUE).rowsAtOnce(1024)).isEqualTo(1);
  }

  @Test
  void columnarBatchesAreTakenAsRowsWhereTheirScoresWouldNotFit() {
    SparkSession spark = Cluster.local();
    String file = directory.resolve("images.parquet").toString();
    Trained.images(spark, 10).write().parquet(file);
    SparkPlan scan = scan(spark.read().parquet(file));
    assertThat(scan.supportsColumnar()).isTrue();

    assertThat(exec(task(10), scan).supportsColumnar()).isTrue();
    assertThat(exec(task(1 << 20), scan).supportsColumnar()).isFalse();
  }

  private static ScoreExec exec(ScoringTask task, SparkPlan child) {
    return new ScoreExec(task, ScalaSeq.of(List.of()), ScalaSeq.of(List.of()), child);
  }

  private static SparkPlan scan(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
        .queryExecution()
        .executedPlan()
        .collectLeaves()
        .head();
  }

  /** One that reads 64 bytes of a row and adds so many numbers. */
  private static ScoringTask task(int numbers) {
    StructType schema = new StructType().add("image", DataTypes.BinaryType);
    InputSpec image = InputSpec.image("image", "image", List.of(8, 8, 1));
    ScoreColumn column =
        new ScoreColumn("all", Content.NUMBERS, new Shape(numbers, numbers), 0, List.of());
    return new ScoringTask(
        null,
        DataBinding.bind(new DataSpec(List.of(image), List.of(), null), schema),
        List.of(column),
        false,
        BATCH_BYTES,
        null,
        null);
  }
}
