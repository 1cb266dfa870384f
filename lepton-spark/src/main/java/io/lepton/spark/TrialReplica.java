package io.lepton.spark;

import io.lepton.spark.ingest.Shard;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The first replica that has rows, for steps that are undone. */
final class TrialReplica implements PrecisionTrial.Replica {
  private static final int STEPS = 20;

  private final ShardSet training;
  private final Inputs inputs;
  private final int replica;

  /** Gives what steps depend on. */
  interface Inputs {
    /** That of the first steps of all. */
    RoundInput of(long steps, Precision precision);
  }

  TrialReplica(ShardSet training, Inputs inputs) {
    this.training = training;
    this.inputs = inputs;
    this.replica =
        IntStream.range(0, training.buckets())
            .filter(bucket -> !training.chunkRows(bucket).isEmpty())
            .findFirst()
            .orElseThrow();
  }

  @Override
  public PrecisionTrial.Steps train(Precision precision) {
    RoundInput input = inputs.of(STEPS, precision);
    int number = replica;
    ReplicaUpdate update =
        run((context, shards) -> ReplicaTask.train(context, shards, number, input));
    return PrecisionTrial.Steps.of(update.outcome());
  }

  @Override
  public StepInspection inspect(Precision precision) {
    RoundInput input = inputs.of(1, precision);
    return run((context, shards) -> ReplicaTask.inspect(context, shards, input, precision));
  }

  private <R> R run(Jobs.Task<Shard, R> task) {
    List<R> results = new ArrayList<>();
    List<Integer> partition = training.partitions().subList(replica, replica + 1);
    Jobs.run(training.shards(), partition, task, (place, result) -> results.add(result));
    return results.get(0);
  }
}
