package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.spark.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimatorCheckpointsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private SparkSession spark;
  private Dataset<Row> data;

  @BeforeEach
  void connect() {
    spark = Cluster.local();
    data = QuickFit.rows(spark, 400);
  }

  @Test
  void aFitThatWasCancelledGoesOnFromItsCheckpointToTheSameModel() throws Exception {
    LeptonClassifier saving = saving();
    String group = directory.toString();
    List<Throwable> failures = new ArrayList<>();
    Thread fit =
        new Thread(
            () -> {
              spark.sparkContext().setJobGroup(group, "to be cancelled", true);
              saving.fit(data);
            });
    fit.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    fit.start();
    Deadline.await(PATIENCE, "a checkpoint is whole", () -> !wholeCheckpoints().isEmpty());
    spark.sparkContext().cancelJobGroupAndFutureJobs(group);
    fit.join(PATIENCE.toMillis());
    assertThat(failures).hasSize(1);

    LeptonModel model = saving.fit(data);

    assertThat(model.summary().resumedFrom().orElseThrow()).isPositive();
    assertThat(model.summary().checkpoints()).isPresent();
    assertThat(model.summary().history()).hasSize(4);
    assertThat(scores(model)).isEqualTo(scores(plain().fit(data)));
  }

  @Test
  void whatMayChangeIsAcceptedIfToldSo() {
    saving().setEpochs(2).fit(data);
    LeptonClassifier longer = saving();

    assertThatThrownBy(() -> longer.fit(data))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is of another configuration:")
        .hasMessageContaining("training.epochs")
        .hasMessageContaining("(acceptChanges goes on with it)");
    assertThat(scores(longer.setAcceptChanges(true).fit(data)))
        .isEqualTo(scores(plain().fit(data)));
  }

  @Test
  void otherRowsAndWhatMayNotChangeAreRefused() {
    LeptonClassifier saving = saving();
    saving.fit(data);
    Dataset<Row> moved =
        data.withColumn("a", functions.expr("if(id = 7, a + 1e-9, a)")).coalesce(1);

    assertThatThrownBy(() -> saving.fit(moved))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("data.train")
        .hasMessageContaining("(a DataFrame of 400 rows, ");
    assertThatThrownBy(
            () -> saving.copy(new ParamMap()).setBatchSize(8).setAcceptChanges(true).fit(data))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("training.batch-size");
  }

  @Test
  void aTrainingThatHasEndedGivesItsModelAgain() {
    LeptonModel first = saving().fit(data);
    LeptonModel again = saving().fit(data);

    assertThat(again.summary().resumedFrom()).hasValue(first.summary().rounds());
    assertThat(scores(again)).isEqualTo(scores(first));
  }

  private LeptonClassifier plain() {
    return QuickFit.quick(new LeptonClassifier())
        .setFeaturesCols("a", "b")
        .setDeterministic(true)
        .setLocalSteps(1);
  }

  private LeptonClassifier saving() {
    return plain()
        .setSettings("checkpoints { directory = \"%s\", every-rounds = 1 }".formatted(directory));
  }

  private List<Path> wholeCheckpoints() {
    try (Stream<Path> found = Files.list(directory)) {
      return found.filter(it -> Files.exists(it.resolve("MANIFEST.json"))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Row> scores(LeptonModel model) {
    return model.transform(data).orderBy("id").select("rawPrediction").collectAsList();
  }
}
