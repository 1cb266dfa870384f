package io.lepton.spark.ml;

import io.lepton.spark.Columns;
import io.lepton.spark.LocalCopy;
import io.lepton.spark.ModelBundle;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Placement;
import io.lepton.spark.Recovery;
import io.lepton.spark.StopRequest;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.config.ParamSetting;
import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Trains whatever a configuration can say, on a DataFrame: the params and the settings in a
 * configuration file are the same thing. A label is a number to regress unless {@link #classes} is
 * set.
 *
 * <p>An estimator is not changed by fitting; several fits may run at once. The session should have
 * {@link io.lepton.spark.LeptonSpark#SETTINGS}. A fit that fails or is interrupted leaves nothing.
 */
public class LeptonEstimator extends Estimator<LeptonModel>
    implements TrainingParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final ScoringParamSet scoring;
  private final TrainingParamSet training;

  /** An estimator with all defaults. */
  public LeptonEstimator() {
    this(Identifiable$.MODULE$.randomUID("lepton"));
  }

  /** The same of a name that Spark ML knows it by. */
  @SuppressWarnings("this-escape")
  public LeptonEstimator(String uid) {
    this.uid = uid;
    this.scoring = new ScoringParamSet(this);
    this.training = new TrainingParamSet(this);
  }

  /**
   * The estimator of a configuration, HOCON as in a file: where data and model lie is left out.
   *
   * @throws io.lepton.spark.config.ConfigurationException if it is not HOCON; what is wrong
   *     otherwise is told when it is used
   */
  public static LeptonEstimator of(String configuration) {
    LeptonEstimator estimator = new LeptonEstimator();
    ParamSetting.split(configuration).forEach(estimator::set);
    return estimator;
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<? extends LeptonEstimator> read() {
    return new DefaultParamsReader<LeptonEstimator>();
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public final ScoringParamSet scoring() {
    return scoring;
  }

  @Override
  public final TrainingParamSet training() {
    return training;
  }

  /**
   * All settings for a schema, defaults filled in, as HOCON with the origin of each.
   *
   * @throws io.lepton.spark.config.ConfigurationException with every problem, if there is any
   * @throws SchemaException if columns are missing
   */
  public String configuration(StructType schema) {
    return configured(ParamConfiguration.of(this, schema)).effective();
  }

  /**
   * Trains.
   *
   * @throws io.lepton.spark.config.ConfigurationException with every problem of the params
   * @throws SchemaException if columns are missing or of a type that does not fit
   * @throws io.lepton.spark.ingest.DataException if rows break rules or there are none
   * @throws io.lepton.spark.DivergenceException if the loss runs away
   */
  @Override
  public LeptonModel fit(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    JobConfiguration configuration = configured(ParamConfiguration.of(this, rows));
    TrainingJob configured = configuration.trainingJob();
    Placement placement =
        Placement.of(
            JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()),
            configured.options(),
            Recovery.none(new StopRequest()));
    TrainingJob job = configured.withReplicas(placement.replicas());
    Optional<Column> held =
        indicator().map(name -> functions.coalesce(Columns.named(name), functions.lit(false)));
    TrainingResult result =
        new Trainer(job, TrainingListener.NONE, new PhaseClock())
            .train(
                held.map(it -> rows.filter(functions.not(it))).orElse(rows),
                held.map(rows::filter).orElse(null));
    try {
      LeptonModel model =
          new LeptonModel(
              uid, kept(job, result, configuration, rows), Optional.of(TrainingSummary.of(result)));
      return copyValues(model, new ParamMap()).setParent(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The schema with the columns that the model will add.
   *
   * @throws SchemaException if columns are missing, or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    JobConfiguration configuration = configured(ParamConfiguration.of(this, schema));
    return ScoreLayout.append(
        ScoreLayout.of(ExpectedOutputs.of(configuration.trainingJob()), this), schema);
  }

  @Override
  public LeptonEstimator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** The column that tells which rows to validate on, if there is one. */
  final Optional<String> indicator() {
    return isDefined(validationIndicatorCol())
        ? Optional.of(getOrDefault(validationIndicatorCol()))
        : Optional.empty();
  }

  /** Whether labels are classes whose number is to be found in the data. */
  boolean countsClasses() {
    return false;
  }

  /** What the estimator says of inputs and model where nobody else does, by path. */
  Map<String, Object> ownSettings(FeatureColumns data) {
    return Map.of();
  }

  private static JobConfiguration configured(ParamConfiguration params) {
    return JobConfiguration.of(params.fallbacks(), params.settings(), params.values());
  }

  private static KeptBundle kept(
      TrainingJob job, TrainingResult result, JobConfiguration configuration, Dataset<Row> data)
      throws IOException {
    Path directory = Files.createTempDirectory("lepton-fit").toRealPath();
    try {
      Map<String, Object> provenance = new LinkedHashMap<>();
      provenance.put("spark", data.sparkSession().version());
      provenance.put("seed", configuration.seed());
      provenance.put("replicas", job.options().replicas());
      provenance.put("training_rows", result.trainingRows());
      provenance.put("validation_rows", result.validationRows());
      provenance.put("configuration", configuration.effective());
      ModelBundle.write(
          job,
          result,
          provenance,
          directory.toUri().toString(),
          true,
          configuration.output().frozen(),
          data.sparkSession().sparkContext().hadoopConfiguration());
      return KeptBundle.owning(directory);
    } catch (IOException | RuntimeException e) {
      LocalCopy.delete(directory);
      throw e;
    }
  }

  /** Sets {@link #featuresCol}. */
  public LeptonEstimator setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  /** Sets {@link #featuresCols}. */
  public LeptonEstimator setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return this;
  }

  /** Sets {@link #labelCol}. */
  public LeptonEstimator setLabelCol(String value) {
    set(labelCol(), value);
    return this;
  }

  /** Sets {@link #weightCol}. */
  public LeptonEstimator setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  /** Sets {@link #validationIndicatorCol}. */
  public LeptonEstimator setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return this;
  }

  /** Sets {@link #layers}. */
  public LeptonEstimator setLayers(String value) {
    set(layers(), value);
    return this;
  }

  /** Sets {@link #zoo}. */
  public LeptonEstimator setZoo(String value) {
    set(zoo(), value);
    return this;
  }

  /** Sets {@link #epochs}. */
  public LeptonEstimator setEpochs(int value) {
    set(epochs(), value);
    return this;
  }

  /** Sets {@link #batchSize}. */
  public LeptonEstimator setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  /** Sets {@link #batchGrowth}. */
  public LeptonEstimator setBatchGrowth(String value) {
    set(batchGrowth(), value);
    return this;
  }

  /** Sets {@link #optimizer}. */
  public LeptonEstimator setOptimizer(String value) {
    set(optimizer(), value);
    return this;
  }

  /** Sets {@link #learningRate}. */
  public LeptonEstimator setLearningRate(double value) {
    set(learningRate(), value);
    return this;
  }

  /** Sets {@link #replicas}. */
  public LeptonEstimator setReplicas(int value) {
    set(replicas(), value);
    return this;
  }

  /** Sets {@link #localSteps}. */
  public LeptonEstimator setLocalSteps(int value) {
    set(localSteps(), value);
    return this;
  }

  /** Sets {@link #seed}. */
  public LeptonEstimator setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** Sets {@link #settings}. */
  public LeptonEstimator setSettings(String value) {
    set(settings(), value);
    return this;
  }

  /** Sets {@link #predictionCol}. */
  public LeptonEstimator setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }
}
