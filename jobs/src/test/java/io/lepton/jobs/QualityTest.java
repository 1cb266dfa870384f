package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Evaluation;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.config.Resume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    "fashion_mnist, accuracy, 0.905",
    "sentiment_movies, vote/accuracy, 0.79",
    "shuttle_anomaly, auc, 0.995"
  })
  void reachesItsMarkOnTheTestPart(String name, String metric, double mark) {
    JobConfiguration job = configuration(name);

    Evaluation test =
        new Trainer(job.trainingJob(), TrainingListener.NONE, new PhaseClock())
            .train(DataPaths.training(job, spark), null, DataPaths.test(job, spark))
            .test()
            .orElseThrow();

    System.err.printf("%s: test %s%n", name, test.metrics());
    assertThat(test.metrics().get(metric)).isGreaterThanOrEqualTo(mark);
  }

  @Test
  void itemsThatUsersTookAreAmongTheTenRankedFirstMoreOftenThanByItemNeighbours(
      @TempDir Path directory) throws IOException {
    Path bundle = directory.resolve("bundle");
    JobConfiguration job = configuration("debian_depends", "output.model=\"%s\"".formatted(bundle));

    new Training(new Resume(false, "", System.err::println)).run(job, spark, directory);

    double hitRate =
        ItemRanking.hitRate(
            bundle.resolve("model"),
            DataPaths.training(job, spark),
            DataPaths.test(job, spark),
            10);
    System.err.printf("debian_depends: test HR@10 %.4f%n", hitRate);
    assertThat(hitRate).isGreaterThan(0.683);
  }

  private static JobConfiguration configuration(String name, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add(RealData.set("data.train", name, "train.parquet"));
    settings.add(RealData.set("data.test", name, "test.parquet"));
    return JobConfiguration.load(CONFIGURATIONS.resolve(name + ".conf"), settings);
  }
}
