package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.ml.Bundles;
import io.lepton.spark.ml.LeptonModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchPredictionTest {
  @TempDir private Path directory;

  @Test
  void rowsThatTheModelHasNoNumberForGoToQuarantineWithTheOthers() throws IOException {
    SparkSession spark = Cluster.local();
    LeptonModel model = LeptonModel.open(spark, Bundles.table(spark, directory));
    StreamFiles files = StreamFiles.in(directory);
    files.write(0, 5, "5,1,3.4028235e38,1\n6,much,1,2\n");

    PredictionReport report =
        new BatchPrediction(
                files.table(),
                files.output().toString(),
                files.quarantine().toString(),
                Optional.empty(),
                false)
            .run(model, spark);

    assertThat(report).isEqualTo(new PredictionReport(7, 5, 2));
    List<Row> refused =
        spark.read().parquet(files.quarantine().toString()).orderBy("reason").collectAsList();
    assertThat(refused)
        .extracting(row -> row.<String>getAs("reason"))
        .containsExactly(
            "the model must give numbers, but gave NaN",
            "the text must be a row of the schema, but is not");
    assertThat(refused.get(0).<Long>getAs("id")).isEqualTo(5);
    assertThat(spark.read().parquet(files.output().toString()).filter("isnan(prediction)").count())
        .isZero();
  }
}
