package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of a million rows of which a round touches a hundred costs a hundred. */
class LargeTableTest {
  private static final int TABLE = 1_000_000;
  private static final int TOUCHED = 100;
  private static final UpdateOptions LAZY =
      new UpdateOptions(new Clipping.None(), 1, true, List.of(), Map.of());

  private final List<RoundReport> rounds = new ArrayList<>();

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        new Optimizer.Sgd(0.1, 0),
        new Optimizer.Adagrad(0.1, 0.1, 1e-7),
        new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aReplicaSendsTheRowsItTouchedAndTheirState(Optimizer optimizer) {
    TrainingResult result = train(Cluster.local(), optimizer, 2);

    long vectors = result.compiled().program().vectorSize() / TABLE / 4;
    assertThat(rounds).hasSize(3);
    for (RoundReport round : rounds) {
      assertThat(round.bytesDown()).isGreaterThan(vectors * TABLE * 4 * Float.BYTES);
      assertThat(round.bytesUp())
          .isBetween(vectors * TOUCHED * 16, vectors * TOUCHED * (16 + 5) + 1000);
    }
    assertThat(result.epochs().get(2).trainingLoss())
        .isLessThan(result.epochs().get(0).trainingLoss());
  }

  @Test
  void fiveExecutorsThatReadItAtTheSameTimeCostTheDriverFewerCopies() {
    Optimizer adam = new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7);
    String alone = train(Cluster.local(), adam, 5).parametersSha256();
    assertThat(rounds)
        .allMatch(round -> round.traffic().driverDown() == round.traffic().bytesDown());

    TrainingResult result =
        train(Cluster.processes(5, 1, Map.of("spark.locality.wait", "0")), adam, 5);

    long copy = 4 * result.compiled().program().vectorSize();
    assertThat(rounds.get(0).bytesDown()).isGreaterThan(copy);
    assertThat(rounds)
        .hasSize(3)
        .allSatisfy(
            round -> assertThat(round.traffic().driverDown()).isBetween(copy, round.bytesDown()))
        .anySatisfy(
            round ->
                assertThat(round.traffic().driverDown()).isLessThan(round.bytesDown() * 3 / 4));
    assertThat(result.parametersSha256()).isEqualTo(alone);
  }

  private TrainingResult train(SparkSession spark, Optimizer optimizer, int replicas) {
    rounds.clear();
    Dataset<Row> rows =
        spark
            .createDataFrame(
                Stream.iterate(0L, id -> id + 1)
                    .limit(TOUCHED)
                    .map(id -> RowFactory.create(id * 7919, (float) (id % 5)))
                    .toList(),
                new StructType().add("id", DataTypes.LongType).add("y", DataTypes.FloatType))
            .coalesce(1);
    TrainingListener log =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            rounds.add(report);
          }
        };
    return new Trainer(job(optimizer, replicas), log, new PhaseClock()).train(rows, rows);
  }

  private static TrainingJob job(Optimizer optimizer, int replicas) {
    DataSpec data =
        new DataSpec(
            List.of(
                new InputSpec(
                    "id",
                    List.of("id"),
                    new InputKind.Categories(1, 1, TABLE, false, Missing.FAIL))),
            LabelSpec.of("y", 0),
            null);
    TrainingOptions options =
        Table.options(
            3,
            25,
            new Averaging(
                replicas,
                new LocalSteps.Fixed(2),
                OuterOptimizer.PLAIN,
                Averaging.OptimizerState.AVERAGED,
                DeltaCodec.FLOAT32,
                true));
    TrainingJob any = Table.job(Table.DATA, 0.1, options);
    return new TrainingJob(
        "ids",
        data,
        Node.chain(
            new IdLayer.Embedding(TABLE, 4),
            new Layer.Flatten(),
            new Layer.Dense(1, Activation.LINEAR, true)),
        any.start(),
        Objective.of(new Loss.SquaredError()),
        optimizer,
        LAZY,
        options,
        0);
  }
}
