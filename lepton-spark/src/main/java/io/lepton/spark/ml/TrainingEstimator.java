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
import io.lepton.spark.config.Resume;
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
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains whatever a configuration can say, on a DataFrame: the params and the settings in a
 * configuration file are the same thing.
 *
 * <p>An estimator is not changed by fitting; several fits may run at once. The session should have
 * {@link io.lepton.spark.LeptonSpark#SETTINGS}. A fit that fails or is interrupted leaves nothing
 * but its checkpoints, if it takes any.
 *
 * @param <E> the estimator itself, which its setters give back
 */
public abstract class TrainingEstimator<E extends TrainingEstimator<E>>
    extends Estimator<LeptonModel> implements TrainingSetters<E>, DefaultParamsWritable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingEstimator.class);
  private static final long serialVersionUID = 1;

  private final String uid;
  private final ScoringParamSet scoring;
  private final TrainingParamSet training;

  /** An estimator of a name that Spark ML knows it by, with all defaults. */
  @SuppressWarnings("this-escape")
  TrainingEstimator(String uid) {
    this.uid = uid;
    this.scoring = new ScoringParamSet(this);
    this.training = new TrainingParamSet(this);
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
   * Trains. With {@code checkpoints} among the settings it goes on from the newest of them, as the
   * command {@code train} does, if it is of the same rows and the same configuration.
   *
   * @throws io.lepton.spark.config.ConfigurationException with every problem of the params
   * @throws SchemaException if columns are missing or of a type that does not fit
   * @throws io.lepton.spark.ingest.DataException if rows break rules or there are none
   * @throws io.lepton.spark.DivergenceException if the loss runs away
   * @throws io.lepton.spark.checkpoint.CheckpointException if the newest checkpoint is of other
   *     rows or of another configuration
   */
  @Override
  public LeptonModel fit(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    JobConfiguration configuration = configured(ParamConfiguration.of(this, rows));
    try {
      return fit(configuration, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LeptonModel fit(JobConfiguration configuration, Dataset<Row> rows) throws IOException {
    Recovery recovery = recovery(configuration, rows.sparkSession());
    TrainingJob configured = configuration.trainingJob();
    Placement placement =
        Placement.of(
            JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()),
            configured.options(),
            recovery);
    TrainingJob job = configured.withReplicas(placement.replicas());
    Optional<Column> held =
        indicator().map(name -> functions.coalesce(Columns.named(name), functions.lit(false)));
    TrainingResult result =
        new Trainer(job, TrainingListener.NONE, new PhaseClock(), recovery)
            .train(
                held.map(it -> rows.filter(functions.not(it))).orElse(rows),
                held.map(rows::filter).orElse(null));
    LeptonModel model =
        new LeptonModel(
            uid, kept(job, result, configuration, rows), Optional.of(TrainingSummary.of(result)));
    return copyValues(model, new ParamMap()).setParent(this);
  }

  private Recovery recovery(JobConfiguration configuration, SparkSession spark) throws IOException {
    return new Resume(
            (Boolean) getOrDefault(acceptChanges()),
            "acceptChanges",
            line -> LOG.info("{}: {}", uid, line))
        .recovery(
            configuration, new StopRequest(), Map.of(), spark.sparkContext().hadoopConfiguration());
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
  public E copy(ParamMap extra) {
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
}
