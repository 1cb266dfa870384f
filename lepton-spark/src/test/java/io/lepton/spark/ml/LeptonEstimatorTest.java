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
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeptonEstimatorTest {
  @TempDir private static Path directory;

  private SparkSession spark;

  @BeforeEach
  void connect() {
    spark = Cluster.local();
  }

  @Test
  void defaultsAreThoseOfTheConfiguration() {
    LeptonEstimator estimator = new LeptonEstimator().setFeaturesCols("a", "b");
    Config effective = ConfigFactory.parseString(estimator.configuration(QuickFit.SCHEMA));

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
    String effective = estimator.configuration(QuickFit.SCHEMA);
    Config settings = ConfigFactory.parseString(effective);
    assertThat(settings.getDouble("training.optimizer.sgd.momentum")).isEqualTo(0.9);
    assertThat(settings.getString("data.inputs.x.normalize")).isEqualTo("standard");
    assertThat(settings.getConfigList("model.layers")).hasSize(2);
    assertThat(
            ConfigFactory.parseString(LeptonEstimator.of(effective).configuration(QuickFit.SCHEMA)))
        .isEqualTo(settings);
  }

  @Test
  void theBatchOfAnEstimatorGrowsAsOneOfAConfigurationDoes() {
    LeptonEstimator estimator =
        new LeptonEstimator()
            .setFeaturesCols("a", "b")
            .setBatchGrowth("{ most = 256, after-epochs = [2] }");
    Config effective = ConfigFactory.parseString(estimator.configuration(QuickFit.SCHEMA));

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
    Config settings = ConfigFactory.parseString(estimator.configuration(QuickFit.SCHEMA));

    assertThat(settings.getInt("training.epochs")).isEqualTo(2);
    assertThat(settings.getDouble("training.optimizer.sgd.learning-rate")).isEqualTo(0.25);
    assertThat(settings.getDouble("training.optimizer.sgd.momentum")).isEqualTo(0.5);
  }

  @Test
  void aMisspeltSettingIsAnsweredWithTheNearest() {
    LeptonEstimator estimator =
        new LeptonEstimator().setFeaturesCols("a", "b").setSettings("training.epochz = 3");

    assertThatThrownBy(() -> estimator.transformSchema(QuickFit.SCHEMA))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("training.epochz")
        .hasMessageContaining("did you mean training.epochs?");
    assertThatThrownBy(() -> estimator.setEpochs(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epochs");
  }

  @Test
  void whatOnlyJobsCanSayIsRefused() {
    LeptonEstimator estimator =
        new LeptonEstimator()
            .setFeaturesCols("a", "b")
            .setSettings("cluster.task-timeout = 1 hour, data.test = x.csv, training.epochz = 1");

    assertThatThrownBy(() -> estimator.fit(data(50)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cluster (settings): must be in files of jobs only")
        .hasMessageContaining("data.test (settings): must be in files of jobs only")
        .hasMessageContaining("did you mean training.epochs?");
  }

  @Test
  void whatOnlyJobsCanSayIsLeftOutOfAConfiguration() {
    LeptonEstimator estimator =
        LeptonEstimator.of(
            """
            data { train = a, test = b, format = csv }
            cluster.executor-wait = 1 minute
            checkpoints.directory = c
            output { model = m, overwrite = false, frozen = true }
            """);

    assertThat(ConfigFactory.parseString(estimator.getOrDefault(estimator.settings())))
        .isEqualTo(
            ConfigFactory.parseString("checkpoints.directory = c, output.frozen = true, data {}"));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LeptonEstimator.class,
        LeptonClassifier.class,
        LeptonRegressor.class,
        LeptonRecommender.class
      })
  void everyParamHasASetterThatGivesTheEstimatorBack(Class<? extends TrainingEstimator<?>> type)
      throws ReflectiveOperationException {
    TrainingEstimator<?> estimator = type.getConstructor().newInstance();

    for (Param<?> param : estimator.params()) {
      String name =
          "set" + param.name().substring(0, 1).toUpperCase(Locale.ROOT) + param.name().substring(1);
      Method setter =
          Arrays.stream(type.getMethods())
              .filter(it -> it.getName().equals(name) && !it.isBridge())
              .findFirst()
              .orElseThrow(() -> new AssertionError("there is no " + name));
      Object value = valueFor(param, setter.getParameterTypes()[0]);

      assertThat(setter.invoke(estimator, value)).as(name).isSameAs(estimator);
      assertThat(estimator.getOrDefault(param)).as(param.name()).isEqualTo(value);
    }
  }

  private static Object valueFor(Param<?> param, Class<?> type) {
    Map<Class<?>, Object> values =
        Map.of(
            String.class,
            "some",
            String[].class,
            new String[] {"a", "b"},
            double[].class,
            new double[] {0.2, 0.8},
            int.class,
            3,
            long.class,
            4L,
            double.class,
            0.5,
            boolean.class,
            true);
    return switch (param.name()) {
      case "handleInvalid" -> "keep";
      case "scoringPrecision" -> "mixed-bfloat16";
      default -> values.get(type);
    };
  }

  @Test
  void aMissingColumnIsToldBeforeAnythingIsTrained() {
    LeptonClassifier estimator = new LeptonClassifier().setFeaturesCols("a", "nowhere");

    assertThatThrownBy(() -> estimator.fit(data(50)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'nowhere'");
    assertThatThrownBy(() -> new LeptonClassifier().transformSchema(QuickFit.SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'features'");
  }

  @Test
  void aClassifierInAPipelineLearnsAndTellsHow() throws IOException {
    VectorAssembler assembler =
        new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features");
    LeptonClassifier classifier =
        QuickFit.quick(new LeptonClassifier())
            .setWeightCol("weight")
            .setValidationIndicatorCol("held");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {assembler, classifier});
    Dataset<Row> data = data(600);
    PipelineModel fitted = pipeline.fit(data);
    Dataset<Row> scored = fitted.transform(data);

    assertThat(scored.filter("prediction = label").count()).isGreaterThan(560);
    assertThat(scored.schema().fieldNames())
        .endsWith("features", "rawPrediction", "probability", "prediction");
    assertThat(pipeline.transformSchema(QuickFit.SCHEMA).fieldNames()).isEqualTo(scored.columns());
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
    LeptonRegressor regressor =
        QuickFit.quick(new LeptonRegressor())
            .setFeaturesCols("a", "b")
            .setLabelCol("number")
            .setEpochs(1);
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
        QuickFit.quick(new LeptonRegressor())
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
    LeptonRegressor estimator = new LeptonRegressor().setFeaturesCols("a", "b");

    assertThatThrownBy(
            () -> estimator.setValidationIndicatorCol("weight").transformSchema(QuickFit.SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column 'weight' must be boolean to tell which rows to validate on, but is double; compare it with something");
    assertThatThrownBy(
            () -> estimator.setValidationIndicatorCol("no").transformSchema(QuickFit.SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'no'");
  }

  @Test
  void weightsDecideWhatIsLearnt() {
    LeptonRegressor all = QuickFit.quick(new LeptonRegressor()).setFeaturesCols("a", "b");
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
    LeptonRegressor regressor =
        QuickFit.quick(new LeptonRegressor())
            .setFeaturesCols("a", "b")
            .setLabelCol("number")
            .setEpochs(12);
    Dataset<Row> scored = regressor.fit(data).transform(data);

    assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(DataTypes.DoubleType);
    assertThat(regressor.transformSchema(QuickFit.SCHEMA)).isEqualTo(scored.schema());
    double error = scored.agg(functions.expr("avg(abs(prediction - number))")).first().getDouble(0);
    assertThat(error).isLessThan(0.4);
  }

  @Test
  void scoresMayBeAskedForWhenTheirModelIsGarbage() {
    Dataset<Row> data = data(60);
    LeptonModel model =
        QuickFit.quick(new LeptonRegressor())
            .setFeaturesCols("a", "b")
            .setLabelCol("number")
            .fit(data);
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
    LeptonRecommender recommender =
        QuickFit.quick(new LeptonRecommender()).setEpochs(25).setClasses(2);
    Dataset<Row> scored = recommender.fit(data).transform(data);

    assertThat(scored.filter("prediction = label").count()).isGreaterThan(560);
  }

  @Test
  void fitsAtOnceDoNotDisturbEachOther() throws Exception {
    LeptonClassifier classifier = QuickFit.quick(new LeptonClassifier()).setFeaturesCols("a", "b");
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
    LeptonClassifier classifier = QuickFit.quick(new LeptonClassifier()).setFeaturesCols("a", "b");
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
    spark.sparkContext().cancelJobGroupAndFutureJobs("doomed");
    fit.join(60_000);

    assertThat(fit.isAlive()).isFalse();
    assertThat(failures).hasSize(1);
    assertThat(spark.sparkContext().getPersistentRDDs().isEmpty()).isTrue();
    assertThat(scores(QuickFit.quick(classifier), data)).isEqualTo(before);
  }

  @Test
  void anEstimatorIsWrittenAndRead() throws IOException {
    LeptonClassifier classifier =
        QuickFit.quick(new LeptonClassifier())
            .setFeaturesCols("a", "b")
            .setSettings("training.ema.decay = 0.9");
    String path = directory.resolve("estimator").toString();
    classifier.write().overwrite().save(path);

    LeptonClassifier read = LeptonClassifier.load(path);

    assertThat(read.uid()).isEqualTo(classifier.uid());
    assertThat(read.configuration(QuickFit.SCHEMA))
        .isEqualTo(classifier.configuration(QuickFit.SCHEMA));
  }

  private static List<Row> scores(TrainingEstimator<?> estimator, Dataset<Row> data) {
    return estimator.fit(data).transform(data).orderBy("id").collectAsList();
  }

  private Dataset<Row> data(int count) {
    return QuickFit.rows(spark, count);
  }
}
