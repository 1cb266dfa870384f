package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.SmallViews;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedSlices;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.schedule.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trainings whose vectors, and a single weight, lie across many views have the bits of those that
 * need but one.
 */
class ManyViewsTest {
  private static final int VIEW = 1 << 17;
  private static final int UNITS = 700;

  static Stream<Arguments> averages() {
    Averaging plain = Averaging.plain(2, 2);
    return Stream.of(
        arguments("plain averages", plain, Optional.empty()),
        arguments(
            "changes down and deltas up in a codec with feedback",
            averaging(OuterOptimizer.PLAIN, DeltaCodec.INT8).withDownCodec(DeltaCodec.INT8),
            Optional.empty()),
        arguments(
            "an outer momentum",
            averaging(new OuterOptimizer.Momentum(0.7, 0.9, true), DeltaCodec.FLOAT32),
            Optional.empty()),
        arguments(
            "an outer Adam",
            averaging(new OuterOptimizer.Adam(1e-3, 0.9, 0.99, 1e-3), DeltaCodec.BFLOAT16),
            Optional.empty()),
        arguments("a moving average", plain, Optional.of(new Ema(0.9, true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void aTrainingHasTheSameBits(String name, Averaging averaging, Optional<Ema> ema) {
    TrainingJob job = job(averaging, ema);
    TrainingResult whole = train(job);
    TrainingResult cut = SmallViews.within(VIEW, () -> train(job));

    assertThat(cut.compiled().program().vectorSize()).isGreaterThan(6 * VIEW);
    assertThatThrownBy(() -> cut.parameters().floats())
        .hasMessageContaining("a view must have at most %d bytes".formatted(4 * VIEW));
    assertThat(whole.parameters().floats().limit()).isGreaterThan(6 * VIEW);
    assertThat(cut.parametersSha256()).isEqualTo(whole.parametersSha256());
    assertThat(cut.bestEpoch().trainingLoss()).isEqualTo(whole.bestEpoch().trainingLoss());
  }

  @Test
  void aChangeIsAddedWhereverViewsEnd() {
    int size = 3 * VIEW + 77;
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(Cluster.local().sparkContext());
    DeltaForm form = new DeltaForm(DeltaCodec.INT8, false, size - 50, 1 << 14);
    FlatVector whole = changed(spark, form, size);
    FlatVector cut = SmallViews.within(1 << 15, () -> changed(spark, form, size));

    for (int i = 0; i < size; i++) {
      float expected = whole.get(i);
      assertThat(cut.get(i)).isEqualTo(expected);
      if (i >= size - 50) {
        assertThat(expected).isEqualTo(i % 1000);
      } else {
        assertThat(Math.abs(expected - (i % 1000 + i % 317 - 100))).isLessThan(1);
      }
    }
  }

  /** What an executor makes of what it had before. */
  private static FlatVector changed(JavaSparkContext spark, DeltaForm form, int size) {
    FlatVector base = FlatVector.allocate(size);
    FlatVector result = FlatVector.allocate(size);
    FlatVector delta = FlatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      base.set(i, i % 1000);
      delta.set(i, i % 317 - 100);
      result.set(i, Float.NaN);
    }
    try (BlockScope scope = new BlockScope(spark)) {
      SharedSlices slices = SharedSlices.publish(scope, "change", form.encode(delta, null));
      new CodedChange(form, slices, 1).apply(base, result);
    }
    return result;
  }

  private static Averaging averaging(OuterOptimizer outer, DeltaCodec codec) {
    return new Averaging(
        2,
        Averaging.plain(2, 2).localSteps(),
        outer,
        Averaging.OptimizerState.AVERAGED,
        codec,
        true);
  }

  private static TrainingResult train(TrainingJob job) {
    Dataset<Row> rows = Table.of(Cluster.local(), Table.rows(64, 1, 1));
    return Table.train(job, rows, rows);
  }

  private static TrainingJob job(Averaging averaging, Optional<Ema> ema) {
    TrainingOptions options =
        new TrainingOptions(
            7,
            2,
            8,
            averaging,
            null,
            null,
            new Schedule.Constant(),
            ema,
            PrecisionChoice.FLOAT32,
            List.of(),
            new ComputeOptions(Precision.FLOAT32, true, false, true, 0, PageLocking.AUTO));
    TrainingJob any = Table.job(Table.DATA, 0.1, options);
    return new TrainingJob(
        any.name(),
        any.data(),
        Node.chain(
            new Layer.Dense(UNITS, Activation.TANH, true),
            new Layer.Dense(UNITS, Activation.TANH, true),
            new Layer.Dense(1, Activation.LINEAR, true)),
        any.objectives(),
        new Optimizer.Sgd(0.01, 0.9),
        options,
        0);
  }
}
