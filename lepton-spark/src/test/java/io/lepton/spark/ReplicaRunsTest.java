package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.Tasks;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.Ingest;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.schedule.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaRunsTest {
  private static final int REPLICAS = 3;

  private final SparkSession session = Cluster.processes();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  private final Dataset<Row> rows = Table.of(session, Table.rows(300, 1, 1));
  private final TrainingJob job = Table.job(Table.DATA, 0.1, Table.options(1, 16, REPLICAS, 4));
  private final DataBinding binding = DataBinding.bind(job.data(), rows.schema());
  private final CompiledModel compiled = ModelCompiler.compile(Trainer.model(job, binding), 7, 1);
  private final FlatVector start = FlatVector.allocate(compiled.program().vectorSize());

  @BeforeEach
  void begin() {
    start.put(compiled.initialParameters());
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 2})
  void anExecutorThatDiesWithItsDeltasChangesNoBit(int width) {
    try (Ingest ingest = ingest();
        BlockScope scope = new BlockScope(spark)) {
      RoundInput input = input(scope);
      ReplicaRuns undisturbed = new ReplicaRuns(ingest.training(), input, width, 2);
      undisturbed.run();
      FlatVector expected = undisturbed.fold(start, FlatVector.allocate(start.size()), model());
      ReplicaRuns disturbed = new ReplicaRuns(ingest.training(), input, width, 2);
      disturbed.run();
      SortedMap<Integer, ReplicaUpdate> updates = disturbed.updates();
      String executor = updates.get(1).delta().executor();

      Tasks.signal(Tasks.pid(spark, executor), "-KILL");

      assertThat(disturbed.fold(start, FlatVector.allocate(start.size()), model()).bytes())
          .isEqualTo(expected.bytes());
      assertThat(updates.get(1).delta().executor()).isNotEqualTo(executor);
      assertThat(expected.bytes()).isNotEqualTo(start.bytes());
    }
  }

  @Test
  void aVectorThatRoundsHaveReplacedIsUsedAgainUnlessItWasHandedOut() {
    try (Ingest ingest = ingest();
        BlockScope scope = new BlockScope(spark)) {
      ReplicaRuns runs = new ReplicaRuns(ingest.training(), input(scope), 16, 2);
      runs.run();
      AveragedModel model = new AveragedModel(job.options(), compiled.program(), start);
      List<FlatVector> vectors = new ArrayList<>();
      FlatVector checkpointed = null;
      FlatVector copy = null;
      for (int round = 1; round <= 8; round++) {
        model.move(runs, 4);
        vectors.add(model.parameters());
        if (round == 5) {
          checkpointed = model.vectors().get("parameters");
          copy = checkpointed.copy();
        }
      }

      assertThat(vectors.get(0)).isNotSameAs(vectors.get(1)).isNotSameAs(vectors.get(2));
      assertThat(vectors.get(3)).isSameAs(vectors.get(0));
      assertThat(vectors.get(4)).isSameAs(vectors.get(1));
      assertThat(vectors.get(7)).isNotSameAs(vectors.get(4));
      assertThat(checkpointed.bytes()).isEqualTo(copy.bytes());
    }
  }

  private Ingest ingest() {
    return Ingest.whole("the table", rows, binding, 7, REPLICAS, ShardStorage.OF_SPARK);
  }

  private MeanMove model() {
    return new AveragedModel(job.options(), compiled.program(), start);
  }

  private RoundInput input(BlockScope scope) {
    Broadcast<TrainingProgram> program = spark.broadcast(compiled.program());
    return new RoundInput(
        program,
        compiled.program().fingerprint(),
        SharedVector.publish(scope, program.id(), start),
        1,
        DeltaForm.plain(start.size()),
        Averaging.OptimizerState.AVERAGED,
        RoundMemory.NONE,
        7,
        0,
        16,
        0,
        4,
        0,
        new LearningRates(0.1, job.options().schedule(), new Timeline(4, 1), 1, Pace.EVEN),
        job.options().compute());
  }
}
