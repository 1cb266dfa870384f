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
import java.util.SortedMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ReplicaRunsTest {
  private static final int REPLICAS = 3;

  @Test
  void anExecutorThatDiesWithItsDeltasChangesNoBit() {
    SparkSession session = Cluster.processes();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Dataset<Row> rows = Table.of(session, Table.rows(300, 1, 1));
    TrainingJob job = Table.job(Table.DATA, 0.1, Table.options(1, 16, REPLICAS, 4));
    DataBinding binding = DataBinding.bind(job.data(), rows.schema());
    CompiledModel compiled = ModelCompiler.compile(Trainer.model(job, binding), 7, 1);
    FlatVector start = FlatVector.allocate(compiled.program().vectorSize());
    start.bytes().put(compiled.initialParameters());
    Broadcast<TrainingProgram> program = spark.broadcast(compiled.program());
    try (Ingest ingest =
            Ingest.whole("the table", rows, binding, 7, REPLICAS, ShardStorage.OF_SPARK);
        BlockScope scope = new BlockScope(spark)) {
      RoundInput input =
          new RoundInput(
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
              new LearningRates(0.1, job.options().schedule(), new Timeline(4, 1), 1),
              job.options().compute());
      ReplicaRuns undisturbed = new ReplicaRuns(ingest.training(), input);
      undisturbed.run();
      FlatVector expected =
          undisturbed.fold(start, FlatVector.allocate(start.size()), model(job, compiled, start));
      ReplicaRuns disturbed = new ReplicaRuns(ingest.training(), input);
      disturbed.run();
      SortedMap<Integer, ReplicaUpdate> updates = disturbed.updates();
      String executor = updates.get(1).delta().executor();

      Tasks.signal(Tasks.pid(spark, executor), "-KILL");

      assertThat(
              disturbed
                  .fold(start, FlatVector.allocate(start.size()), model(job, compiled, start))
                  .bytes())
          .isEqualTo(expected.bytes());
      assertThat(updates.get(1).delta().executor()).isNotEqualTo(executor);
      assertThat(expected.bytes()).isNotEqualTo(start.bytes());
    }
  }

  private static MeanMove model(TrainingJob job, CompiledModel compiled, FlatVector start) {
    return new AveragedModel(job.options(), compiled.program(), start);
  }
}
