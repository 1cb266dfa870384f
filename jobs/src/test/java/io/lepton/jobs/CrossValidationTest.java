package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.ml.LeptonClassifier;
import io.lepton.spark.ml.LeptonModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {
  private static final String TEST = RealData.path("breast_cancer", "test.parquet");

  @TempDir private Path directory;

  private SparkSession spark;
  private Dataset<Row> training;
  private LeptonClassifier classifier;
  private Pipeline pipeline;

  @BeforeEach
  void connect() {
    spark = RealData.spark();
    training = spark.read().parquet(RealData.path("breast_cancer", "train.parquet"));
    String[] columns =
        Arrays.stream(training.columns())
            .filter(name -> name.matches("(mean|worst)_.*|.*_error"))
            .toArray(String[]::new);
    assertThat(columns).hasSize(30);
    classifier =
        new LeptonClassifier()
            .setFeaturesCol("raw")
            .setSettings("data.inputs.features.normalize = standard")
            .setReplicas(1)
            .setBatchSize(32)
            .setDeterministicScoring(true)
            .setPrecision("float32");
    pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new VectorAssembler().setInputCols(columns).setOutputCol("raw"), classifier
                });
  }

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @Test
  void theBestOfFourOverThreeFoldsScoresTheSameInAnotherProcess() throws Exception {
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(classifier.learningRate(), new double[] {1e-5, 1e-2})
            .addGrid(classifier.epochs(), new int[] {1, 6})
            .build();
    CrossValidatorModel validated =
        new CrossValidator()
            .setEstimator(pipeline)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new BinaryClassificationEvaluator())
            .setNumFolds(3)
            .setParallelism(2)
            .setSeed(1)
            .fit(training);

    assertThat(grid).hasSize(4);
    assertThat(Arrays.stream(validated.avgMetrics()).max().orElseThrow()).isGreaterThan(0.98);
    PipelineModel best = (PipelineModel) validated.bestModel();
    String saved = directory.resolve("best").toString();
    best.write().save(saved);
    Path own = directory.resolve("own");
    ScoreSaved.write(best, spark.read().parquet(TEST), own);
    Path other = directory.resolve("other");
    try (JavaProcess process =
        JavaProcess.start(
            List.of(),
            ScoreSaved.class,
            List.of(saved, TEST, other.toString()),
            directory.resolve("out"))) {
      assertThat(process.ends(Duration.ofMinutes(2))).as(process.err()).isZero();
    }
    assertThat(Files.readAllLines(own)).hasSizeGreaterThan(100);
    assertThat(Files.readAllLines(other)).isEqualTo(Files.readAllLines(own));
  }

  @Test
  void theBetterOfTwoOnHeldOutRowsIsTakenSavedAndLoaded() throws IOException {
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(classifier.learningRate(), new double[] {1e-5, 1e-2})
            .build();
    TrainValidationSplitModel validated =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new BinaryClassificationEvaluator())
            .setTrainRatio(0.75)
            .setParallelism(2)
            .setCollectSubModels(true)
            .setSeed(1)
            .fit(training);

    assertThat(validated.validationMetrics()).hasSize(2);
    assertThat(validated.validationMetrics()[1])
        .isGreaterThan(0.98)
        .isGreaterThan(validated.validationMetrics()[0]);
    assertThat(validated.subModels()).hasSize(2);
    PipelineModel best = (PipelineModel) validated.bestModel();
    LeptonModel model = (LeptonModel) best.stages()[1];
    assertThat(((LeptonClassifier) model.parent()).getOrDefault(classifier.learningRate()))
        .isEqualTo(1e-2);
    Dataset<Row> test = spark.read().parquet(TEST);
    assertThat(new BinaryClassificationEvaluator().evaluate(best.transform(test)))
        .isGreaterThan(0.98);
    String saved = directory.resolve("split").toString();
    validated.write().save(saved);
    TrainValidationSplitModel loaded = TrainValidationSplitModel.load(saved);
    assertThat(loaded.validationMetrics()).isEqualTo(validated.validationMetrics());
    assertThat(loaded.transform(test).collectAsList())
        .isEqualTo(validated.transform(test).collectAsList());
  }
}
