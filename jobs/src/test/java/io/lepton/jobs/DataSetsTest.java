package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.PhaseClock;
import io.lepton.spark.RoundReport;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.config.JobConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real data sets, of every kind, out of {@code ../shared/data}. */
class DataSetsTest {
  private static final Path CONFIGURATIONS = Path.of("src", "test", "resources", "data-sets");

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
  @ValueSource(
      strings = {
        "brain_seg_mni152",
        "breast_cancer",
        "debian_depends",
        "emoji32",
        "fashion_mnist",
        "lending_club",
        "sentiment_movies",
        "shuttle_anomaly",
        "street_video",
        "ts_internal_bleeding",
        "ts_japanese_vowels"
      })
  void loadsByConfigurationAloneAndItsLossFallsWithinAnEpoch(String name) {
    JobConfiguration job = configuration(name);
    List<Double> losses = new ArrayList<>();

    TrainingResult result = train(job, losses);

    int third = losses.size() / 3;
    assertThat(third).isPositive();
    assertThat(mean(losses.subList(losses.size() - third, losses.size())))
        .as("mean loss of the last rounds of %s", losses)
        .isLessThan(0.97 * mean(losses.subList(0, third)));
    assertThat(result.epochs()).hasSize(1);
    assertThat(result.epochs().get(0).bytesCopied()).isZero();
    assertThat(result.bestEpoch().loss()).isLessThan(losses.get(0));
  }

  private static TrainingResult train(JobConfiguration job, List<Double> losses) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            losses.add(report.loss());
          }
        };
    return new Trainer(job.trainingJob(), listener, new PhaseClock())
        .train(DataPaths.training(job, spark), DataPaths.validation(job, spark));
  }

  private static JobConfiguration configuration(String name) {
    Path file = CONFIGURATIONS.resolve(name + ".conf");
    JobConfiguration job = JobConfiguration.load(file, List.of());
    List<String> paths = new ArrayList<>();
    paths.add(RealData.set("data.train", name, job.data().train()));
    job.data()
        .validation()
        .ifPresent(path -> paths.add(RealData.set("data.validation", name, path)));
    return JobConfiguration.load(file, paths);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
