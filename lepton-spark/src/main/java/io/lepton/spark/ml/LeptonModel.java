package io.lepton.spark.ml;

import io.lepton.spark.data.DataSpec;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import io.lepton.tf.bundle.Bundle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A trained model: adds what it predicts to a DataFrame, streaming ones too, as columns behind the
 * others, which stay as they are. What becomes of missing values was decided in training.
 *
 * <p>Each executor loads it once, whatever the number of partitions and tasks, and scores batches
 * where they lie. Classes are doubles from 0, probabilities and logits are vectors; of an output of
 * a shape, vectors of all its elements, row-major; of several labels, columns end in {@code
 * _label}. Any thread.
 */
public final class LeptonModel extends Model<LeptonModel>
    implements ScoringSetters<LeptonModel>, MLWritable {
  /** The reason why a row has no scores though there is nothing wrong with it. */
  public static final String UNDEFINED = "the model must give numbers, but gave NaN";

  private static final long serialVersionUID = 1;

  private final String uid;
  private final transient KeptBundle kept;
  private final transient Optional<TrainingSummary> summary;
  private final transient ModelWaits waits;
  private final ScoringParamSet scoring;

  LeptonModel(String uid, KeptBundle kept, Optional<TrainingSummary> summary) {
    this(uid, kept, summary, null);
  }

  private LeptonModel(
      String uid, KeptBundle kept, Optional<TrainingSummary> summary, ModelWaits waits) {
    this.uid = uid;
    this.kept = kept;
    this.summary = summary;
    this.waits = waits;
    this.scoring = new ScoringParamSet(this);
  }

  /**
   * The model of a bundle, such as {@code train} writes.
   *
   * @param path of any Hadoop file system; the bundle must stay there
   * @throws io.lepton.tf.bundle.BundleException if it is none, is damaged or of a newer format
   * @throws IOException if it cannot be read
   */
  public static LeptonModel open(SparkSession spark, String path) throws IOException {
    return new LeptonModel(
        Identifiable$.MODULE$.randomUID("lepton"),
        KeptBundle.at(path, spark.sparkContext().hadoopConfiguration()),
        Optional.empty());
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<LeptonModel> read() {
    return new ModelReader();
  }

  /** Reads what {@link #save} wrote. */
  public static LeptonModel load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ScoringParamSet scoring() {
    return scoring;
  }

  /** The bundle, as it was when the model was made. */
  public Bundle bundle() {
    return kept.bundle();
  }

  KeptBundle kept() {
    return kept;
  }

  /** Whether it comes from {@code fit} and not from a file. */
  public boolean hasSummary() {
    return summary.isPresent();
  }

  /**
   * How training went.
   *
   * @throws IllegalStateException if it was not in this process
   */
  public TrainingSummary summary() {
    return summary.orElseThrow(
        () -> new IllegalStateException("a model must come from fit to have a summary"));
  }

  /**
   * Adds the columns; nothing is computed before the result is asked for.
   *
   * @throws SchemaException if columns are missing or of another type than in training, naming all
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    org.apache.spark.sql.classic.Dataset<Row> rows =
        (org.apache.spark.sql.classic.Dataset<Row>) dataset.toDF();
    org.apache.spark.sql.classic.SparkSession spark = rows.sparkSession();
    DataBinding binding = bind(dataset.schema());
    List<ScoreColumn> columns = columns();
    ScoringTask task =
        new ScoringTask(
            kept.source(spark.sparkContext(), (Long) getOrDefault(broadcastBytes())),
            binding,
            columns,
            getOrDefault(handleInvalid()).equals(ScoringParamSet.KEEP),
            (Long) getOrDefault(batchBytes()),
            compute(),
            waits);
    LogicalPlan child = rows.logicalPlan();
    List<Attribute> features =
        binding.sources().stream().map(name -> attribute(child, name)).toList();
    List<Attribute> scores = new ArrayList<>();
    List<NamedExpression> all = new ArrayList<>(ScalaSeq.list(child.output()));
    for (ScoreColumn column : columns) {
      Attribute score =
          new AttributeReference(
              column.name(),
              column.type(),
              true,
              Metadata.empty(),
              NamedExpression$.MODULE$.newExprId(),
              ScalaSeq.of(List.of()));
      scores.add(score);
      all.add(
          new Alias(
              score,
              column.name(),
              NamedExpression$.MODULE$.newExprId(),
              ScalaSeq.of(List.of()),
              Option.empty(),
              ScalaSeq.of(List.of())));
    }
    ScoreStrategy.install(spark);
    return org.apache.spark.sql.classic.Dataset.ofRows(
        spark,
        new Project(
            ScalaSeq.of(all),
            new ScorePlan(task, ScalaSeq.of(features), ScalaSeq.of(scores), child)));
  }

  /**
   * The schema with the columns that are added.
   *
   * @throws SchemaException if columns are missing or of another type than in training, or there
   *     already, naming all
   */
  @Override
  public StructType transformSchema(StructType schema) {
    bind(schema);
    return ScoreLayout.append(columns(), schema);
  }

  @Override
  public LeptonModel copy(ParamMap extra) {
    return copied(waits, extra);
  }

  /** The same model, which says each time that a task waits until its process has loaded it. */
  public LeptonModel telling(ModelWaits told) {
    return copied(told, ParamMap.empty());
  }

  @Override
  public MLWriter write() {
    return new ModelWriter(this);
  }

  @Override
  public String toString() {
    return "LeptonModel: uid=%s, name=%s".formatted(uid, kept.bundle().name());
  }

  private LeptonModel copied(ModelWaits told, ParamMap extra) {
    LeptonModel copy = new LeptonModel(uid, kept, summary, told);
    return copyValues(copy, extra).setParent(parent());
  }

  private DataBinding bind(StructType schema) {
    DataSpec inputs = new DataSpec(kept.preprocessing().data().inputs(), List.of(), null);
    return DataBinding.bind(inputs, schema).fitted(kept.preprocessing().fitting());
  }

  private List<ScoreColumn> columns() {
    return ScoreLayout.of(kept.bundle().outputs(), this);
  }

  private ComputeOptions compute() {
    String word = getOrDefault(scoringPrecision()).toUpperCase(Locale.ROOT).replace('-', '_');
    return new ComputeOptions(
        Precision.valueOf(word),
        (Boolean) getOrDefault(deterministicScoring()),
        false,
        true,
        0,
        PageLocking.FALSE);
  }

  private static Attribute attribute(LogicalPlan plan, String name) {
    List<Attribute> named =
        ScalaSeq.list(plan.output()).stream().filter(it -> it.name().equals(name)).toList();
    if (named.size() != 1) {
      throw new SchemaException(
          List.of(
              "column '%s' must be there once, but is there %d times; rename the others"
                  .formatted(name, named.size())));
    }
    return named.get(0);
  }
}
