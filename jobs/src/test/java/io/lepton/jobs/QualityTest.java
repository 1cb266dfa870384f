package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.jobs.config.JobConfiguration;
import io.lepton.spark.Evaluation;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is reached on the test parts of real data sets out of {@code ../shared/data}; epochs are
 * chosen on rows held out of the training parts. Runs with {@code -Pquality} only.
 */
@Tag("quality")
class QualityTest {
  private static final Path CONFIGURATIONS = Path.of("src", "test", "resources", "quality");

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = RealData.spark();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "brain_seg_mni152, macro-f1, 0.90",
    "sentiment_movies, accuracy, 0.77",
    "shuttle_anomaly, auc, 0.995"
  })
  void reachesItsMarkOnTheTestPart(String name, String metric, double mark) {
    Path file = CONFIGURATIONS.resolve(name + ".conf");
    JobConfiguration job =
        JobConfiguration.load(
            file,
            List.of(
                RealData.set("data.train", name, "train.parquet"),
                RealData.set("data.test", name, "test.parquet")));

    Evaluation test =
        new Trainer(job.trainingJob(), TrainingListener.NONE, new PhaseClock())
            .train(DataPaths.training(job, spark), null, DataPaths.test(job, spark))
            .test()
            .orElseThrow();

    System.err.printf("%s: test %s%n", name, test.metrics());
    assertThat(test.metrics().get(metric)).isGreaterThanOrEqualTo(mark);
  }
}
