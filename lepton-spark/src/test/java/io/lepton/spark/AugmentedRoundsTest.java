package io.lepton.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.Ingest;
import io.lepton.spark.ingest.Permutation;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.MetricSums;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Augmentation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelInput;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Target;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of two ones, of which features are dropped, and a model that adds up what is left. */
class AugmentedRoundsTest {
  private static final long SEED = 7;
  private static final int REPLICAS = 3;
  private static final double RATE = 0.5;
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private SparkSession spark;
  private DataBinding binding;
  private Ingest ingest;

  @BeforeEach
  void ingest() {
    spark = Cluster.local();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      rows.add(Table.row(new double[] {1, 1, 1}, 0, i));
    }
    Dataset<Row> data = Table.of(spark, rows).drop("x2").repartitionByRange(4, col("w"));
    binding = DataBinding.bind(Table.DATA, data.schema());
    ingest = Ingest.whole("the training set", data, binding, SEED, REPLICAS, ShardStorage.OF_SPARK);
  }

  @AfterEach
  void close() {
    ingest.close();
  }

  @Test
  void anExampleIsAugmentedByItsPlaceInItsBucketWhateverTheBatchesAndTheSlots() {
    ShardSet data = ingest.training();
    assertThat(data.chunkRows(1)).hasSizeGreaterThan(1);
    for (int epoch = 0; epoch < 2; epoch++) {
      long expected = keptFeatures(data, epoch);
      assertThat(train(1, 16, epoch)).isEqualTo(expected);
      assertThat(train(1, 7, epoch)).isEqualTo(expected);
      assertThat(train(3, 50, epoch)).isEqualTo(expected);
    }
    assertThat(keptFeatures(data, 0)).isNotEqualTo(keptFeatures(data, 1));
  }

  @Test
  void evaluationSeesEveryFeature() {
    try (RoundLoop loop = loop(2, 16)) {
      MetricSums sums = loop.evaluate(ingest.training());
      assertThat(sums.value("mae")).isEqualTo(2);
    }
  }

  private long train(int slots, int batchSize, int epoch) {
    try (RoundLoop loop = loop(slots, batchSize)) {
      MetricSums sums = loop.sums(List.of(), 0);
      for (long step = 0; step < loop.steps(epoch); ) {
        step = loop.train(epoch, step, sums);
      }
      assertThat(sums.examples()).isEqualTo(ingest.training().rows());
      return Math.round(sums.value("mae") * sums.weight());
    }
  }

  private RoundLoop loop(int slots, int batchSize) {
    TrainingProgram program = program(slots);
    FlatVector ones = FlatVector.allocate(program.vectorSize());
    Variable kernel = program.variables().get(0);
    ones.set(kernel.offset(), 1);
    ones.set(kernel.offset() + 1, 1);
    return new RoundLoop(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        Table.options(2, batchSize, REPLICAS, 4),
        program,
        ones,
        0,
        ingest.training(),
        new PhaseClock(),
        TrainingListener.NONE);
  }

  private TrainingProgram program(int slots) {
    ColumnSpec features = new ColumnSpec("x", ElementType.FLOAT32, List.of(2));
    ModelSpec spec =
        new ModelSpec(
            List.of(
                new ModelInput(
                    features, List.of(), List.of(new Augmentation.FeatureDropout(RATE)))),
            List.of(
                Target.of(
                    binding.label(binding.resolved().labels().get(0)), new Loss.SquaredError())),
            false,
            Node.chain(new Layer.Dense(1, Activation.LINEAR, true)),
            new Optimizer.Sgd(1, 0));
    return ModelCompiler.compile(spec, 1, slots).program();
  }

  /** By arithmetic of {@code long}, as augmentation documents its noise. */
  private static long keptFeatures(ShardSet data, int epoch) {
    long key = mix(Permutation.mix(SEED, epoch));
    long salt = mix(mix(GAMMA + GAMMA + 'x') + GAMMA);
    long kept = 0;
    for (int bucket = 0; bucket < data.buckets(); bucket++) {
      long rows = data.chunkRows(bucket).stream().mapToLong(Integer::longValue).sum();
      for (long row = 0; row < rows; row++) {
        long example = mix(key + (((long) bucket << 40) + row) * GAMMA);
        for (int feature = 0; feature < 2; feature++) {
          long bits = mix(example + salt + (4 + feature) * GAMMA) >>> 40;
          kept += bits / 16777216.0 < RATE ? 0 : 1;
        }
      }
    }
    return kept;
  }

  private static long mix(long z) {
    long first = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
    return second ^ (second >>> 31);
  }
}
