package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.spark.config.ConfigurationException;
import io.lepton.spark.config.ParamSetting;
import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeptonEstimatorTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("a", DataTypes.DoubleType)
          .add("b", DataTypes.DoubleType)
          .add("user", DataTypes.LongType)
          .add("item", DataTypes.StringType)
          .add("weight", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType)
          .add("number", DataTypes.DoubleType)
          .add("label", DataTypes.DoubleType);

  @TempDir private static Path directory;

  private SparkSession spark;

  @BeforeEach
  void connect() {
    spark = Cluster.local();
  }

  @Test
  void defaultsAreThoseOfTheConfiguration() {
    LeptonEstimator estimator = new LeptonEstimator().setFeaturesCols("a", "b");
    Config effective = ConfigFactory.parseString(estimator.configuration(SCHEMA));

    for (ParamSetting setting : ParamSetting.ALL) {
      if (setting.fallback().isPresent()) {
        assertThat(effective.getAnyRef(setting.path()).toString())
            .as(setting.path())
            .isEqualTo(setting.fallback().get().toString());
        assertThat(estimator.getOrDefault(estimator.getParam(setting.name())))
            .as(setting.name())
            .isEqualTo(setting.fallback().get());
      }
    }
  }

  @Test
  void aConfigurationIsASetOfParamsAndTheReverse() {
    String configuration =
        """
        name = both
        seed = 3
        data { train = "x.parquet", validation-fraction = 0.2
               inputs.x { columns = [a, b], normalize = standard }
               label { column = label, classes = 2 } }
        model.layers = [{ dense { units = 8, activation = relu } }, { dense { units = 2 } }]
        training { epochs = 4, optimizer.sgd { learning-rate = 0.1, momentum = 0.9 } }
        averaging { replicas = 1 }
        output.model = somewhere
        """;
    LeptonEstimator estimator = LeptonEstimator.of(configuration);

    assertThat(estimator.getOrDefault(estimator.epochs())).isEqualTo(4);
    assertThat(estimator.getOrDefault(estimator.seed())).isEqualTo(3L);
    assertThat(estimator.getOrDefault(estimator.labelCol())).isEqualTo("label");
    assertThat(estimator.getOrDefault(estimator.settings())).contains("momentum");
    String effective = estimator.configuration(SCHEMA);
    Config settings = ConfigFactory.parseString(effective);
    assertThat(settings.getDouble("training.optimizer.sgd.momentum")).isEqualTo(0.9);
    assertThat(settings.getString("data.inputs.x.normalize")).isEqualTo("standard");
    assertThat(settings.getConfigList("model.layers")).hasSize(2);
    assertThat(ConfigFactory.parseString(LeptonEstimator.of(effective).configuration(SCHEMA)))
        .isEqualTo(settings);
  }

  @Test
  void theBatchOfAnEstimatorGrowsAsOneOfAConfigurationDoes() {
    LeptonEstimator estimator =
        new LeptonEstimator()
            .setFeaturesCols("a", "b")
            .setBatchGrowth("{ most = 256, after-epochs = [2] }");
    Config effective = ConfigFactory.parseString(estimator.configuration(SCHEMA));

    assertThat(effective.getInt("training.batch-growth.most")).isEqualTo(256);
    assertThat(effective.getIntList("training.batch-growth.after-epochs")).containsExactly(2);
    assertThat(effective.getInt("training.batch-growth.factor")).isEqualTo(2);
  }

  @Test
  void aParamHoldsBeforeTheSettings() {
    LeptonEstimator estimator =
        new LeptonEstimator()
            .setFeaturesCols("a", "b")
            .setSettings("training { epochs = 9, optimizer.sgd { momentum = 0.5 } }")
            .setEpochs(2)
            .setLearningRate(0.25);
    Config settings = ConfigFactory.parseString(estimator.configuration(SCHEMA));

    assertThat(settings.getInt("training.epochs")).isEqualTo(2);
    assertThat(settings.getDouble("training.optimizer.sgd.learning-rate")).isEqualTo(0.25);
    assertThat(settings.getDouble("training.optimizer.sgd.momentum")).isEqualTo(0.5);
  }

  @Test
  void aMisspeltSettingIsAnsweredWithTheNearest() {
    LeptonEstimator estimator =
        new LeptonEstimator().setFeaturesCols("a", "b").setSettings("training.epochz = 3");

    assertThatThrownBy(() -> estimator.transformSchema(SCHEMA))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("training.epochz")
        .hasMessageContaining("did you mean training.epochs?");
    assertThatThrownBy(() -> estimator.setEpochs(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epochs");
  }

  @Test
  void aMissingColumnIsToldBeforeAnythingIsTrained() {
    LeptonEstimator estimator = new LeptonClassifier().setFeaturesCols("a", "nowhere");

    assertThatThrownBy(() -> estimator.fit(data(50)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'nowhere'");
    assertThatThrownBy(() -> new LeptonClassifier().transformSchema(SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'features'");
  }

  @Test
  void aClassifierInAPipelineLearnsAndTellsHow() throws IOException {
    VectorAssembler assembler =
        new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features");
    LeptonEstimator classifier =
        quick(new LeptonClassifier()).setWeightCol("weight").setValidationIndicatorCol("held");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {assembler, classifier});
    Dataset<Row> data = data(600);
    PipelineModel fitted = pipeline.fit(data);
    Dataset<Row> scored = fitted.transform(data);

    assertThat(scored.filter("prediction = label").count()).isGreaterThan(560);
    assertThat(scored.schema().fieldNames())
        .endsWith("features", "rawPrediction", "probability", "prediction");
    assertThat(pipeline.transformSchema(SCHEMA).fieldNames()).isEqualTo(scored.columns());
    LeptonModel model = (LeptonModel) fitted.stages()[1];
    assertThat(model.hasParent()).isTrue();
    assertThat(model.summary().history()).hasSize(4);
    assertThat(model.summary().validationRows()).isEqualTo(150);
    assertThat(model.summary().trainingRows()).isEqualTo(450);
    String path = directory.resolve("pipeline").toString();
    fitted.write().overwrite().save(path);
    assertThat(PipelineModel.load(path).transform(data).orderBy("id").collectAsList())
        .isEqualTo(scored.orderBy("id").collectAsList());
  }

  @Test
  void aPipelineCanBeSavedOverTheOneItWasLoadedFrom() throws IOException {
    Dataset<Row> data = data(60);
    LeptonEstimator regressor =
        quick(new LeptonRegressor()).setFeaturesCols("a", "b").setLabelCol("number").setEpochs(1);
    String path = directory.resolve("over").toString();
    new Pipeline().setStages(new PipelineStage[] {regressor}).fit(data).write().save(path);
    PipelineModel loaded = PipelineModel.load(path);
    List<Row> scores = loaded.transform(data).orderBy("id").collectAsList();

    loaded.write().overwrite().save(path);

    assertThat(PipelineModel.load(path).transform(data).orderBy("id").collectAsList())
        .isEqualTo(scores);
    assertThat(loaded.transform(data).orderBy("id").collectAsList()).isEqualTo(scores);
  }

  @Test
  void rowsOfWhichNobodySaysThatTheyAreHeldOutAreTrainedOn() {
    Dataset<Row> data =
        data(80)
            .withColumn(
                "is.held", functions.expr("if(id % 4 = 0, true, if(id % 4 = 1, null, false))"));
    LeptonModel model =
        quick(new LeptonRegressor())
            .setFeaturesCols("a", "b")
            .setLabelCol("number")
            .setEpochs(1)
            .setValidationIndicatorCol("is.held")
            .fit(data);

    assertThat(model.summary().trainingRows()).isEqualTo(60);
    assertThat(model.summary().validationRows()).isEqualTo(20);
  }

  @Test
  void whatTellsTheRowsToValidateOnMustBeAFlag() {
    LeptonEstimator estimator = new LeptonRegressor().setFeaturesCols("a", "b");

    assertThatThrownBy(() -> estimator.setValidationIndicatorCol("weight").transformSchema(SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column 'weight' must be boolean to tell which rows to validate on, but is double; compare it with something");
    assertThatThrownBy(() -> estimator.setValidationIndicatorCol("no").transformSchema(SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'no'");
  }

  @Test
  void weightsDecideWhatIsLearnt() {
    LeptonEstimator all = quick(new LeptonRegressor()).setFeaturesCols("a", "b");
    Dataset<Row> data =
        data(400)
            .withColumn("label", functions.expr("if(id % 2 = 0, 1.0, 3.0)"))
            .withColumn("weight", functions.expr("if(id % 2 = 0, 1.0, 0.0)"));
    double weighted =
        all.copy(new ParamMap())
            .setWeightCol("weight")
            .setEpochs(12)
            .fit(data)
            .transform(data)
            .agg(functions.avg("prediction"))
            .first()
            .getDouble(0);

    assertThat(weighted).isBetween(0.7, 1.3);
  }

  @Test
  void aRegressorPredictsNumbers() {
    Dataset<Row> data = data(600);
    LeptonEstimator regressor =
        quick(new LeptonRegressor()).setFeaturesCols("a", "b").setLabelCol("number").setEpochs(12);
    Dataset<Row> scored = regressor.fit(data).transform(data);

    assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(DataTypes.DoubleType);
    assertThat(regressor.transformSchema(SCHEMA)).isEqualTo(scored.schema());
    double error = scored.agg(functions.expr("avg(abs(prediction - number))")).first().getDouble(0);
    assertThat(error).isLessThan(0.4);
  }

  @Test
  void scoresMayBeAskedForWhenTheirModelIsGarbage() {
    Dataset<Row> data = data(60);
    LeptonModel model =
        quick(new LeptonRegressor()).setFeaturesCols("a", "b").setLabelCol("number").fit(data);
    Dataset<Row> scored = model.transform(data);
    WeakReference<LeptonModel> garbage = new WeakReference<>(model);
    model = null;
    Deadline.await(
        Duration.ofSeconds(30),
        "the model is garbage",
        () -> {
          System.gc();
          return garbage.refersTo(null);
        });

    assertThat(scored.filter("prediction is not null").count()).isEqualTo(60);
  }

  @Test
  void aRecommenderLearnsUsersAndItems() {
    Dataset<Row> data =
        data(600).withColumn("label", functions.expr("double(user % 2 = int(item) % 2)"));
    LeptonRecommender recommender = new LeptonRecommender();
    quick(recommender).setEpochs(25);
    recommender.set(recommender.classes(), 2);
    Dataset<Row> scored = recommender.fit(data).transform(data);

    assertThat(scored.filter("prediction = label").count()).isGreaterThan(560);
  }

  @Test
  void fitsAtOnceDoNotDisturbEachOther() throws Exception {
    LeptonEstimator classifier = quick(new LeptonClassifier()).setFeaturesCols("a", "b");
    Dataset<Row> data = data(300);
    List<Row> alone = scores(classifier, data);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<List<Row>>> fits = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        fits.add(threads.submit(() -> scores(classifier, data)));
      }
      for (Future<List<Row>> fit : fits) {
        assertThat(fit.get(120, TimeUnit.SECONDS)).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFitThatIsInterruptedLeavesNothingAndTheNextIsClean() throws Exception {
    LeptonEstimator classifier = quick(new LeptonClassifier()).setFeaturesCols("a", "b");
    Dataset<Row> data = data(300);
    List<Row> before = scores(classifier, data);
    Thread fit =
        new Thread(
            () -> {
              spark.sparkContext().setJobGroup("doomed", "to be cancelled", true);
              classifier.setEpochs(100_000).fit(data);
            });
    List<Throwable> failures = new ArrayList<>();
    fit.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    fit.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (spark.sparkContext().statusTracker().getJobIdsForGroup("doomed").length < 5) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
    spark.sparkContext().cancelJobGroup("doomed");
    fit.join(60_000);

    assertThat(fit.isAlive()).isFalse();
    assertThat(failures).hasSize(1);
    assertThat(spark.sparkContext().getPersistentRDDs().isEmpty()).isTrue();
    assertThat(scores(quick(classifier), data)).isEqualTo(before);
  }

  @Test
  void anEstimatorIsWrittenAndRead() throws IOException {
    LeptonClassifier classifier = new LeptonClassifier();
    quick(classifier).setFeaturesCols("a", "b").setSettings("training.ema.decay = 0.9");
    String path = directory.resolve("estimator").toString();
    classifier.write().overwrite().save(path);

    LeptonClassifier read = LeptonClassifier.load(path);

    assertThat(read.uid()).isEqualTo(classifier.uid());
    assertThat(read.configuration(SCHEMA)).isEqualTo(classifier.configuration(SCHEMA));
  }

  private static <E extends LeptonEstimator> LeptonEstimator quick(E estimator) {
    estimator.set(estimator.deterministicScoring(), true);
    estimator.set(estimator.precision(), "float32");
    return estimator.setEpochs(4).setBatchSize(16).setReplicas(1).setLearningRate(0.02).setSeed(5);
  }

  private static List<Row> scores(LeptonEstimator estimator, Dataset<Row> data) {
    return estimator.fit(data).transform(data).orderBy("id").collectAsList();
  }

  private Dataset<Row> data(int count) {
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows.add(
          RowFactory.create(
              (long) i,
              a,
              b,
              (long) random.nextInt(10),
              Integer.toString(random.nextInt(12)),
              1.0 + random.nextInt(3),
              i % 4 == 0,
              a - 2 * b,
              a - b > 0 ? 1.0 : 0.0));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }
}
