package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.tf.TrainingProgram;

/**
 * How large the rounds of a training are.
 *
 * @param replicas that take part
 * @param executors processes that run them
 * @param cores of all executors, or groups of as many as a task takes: replicas that run side by
 *     side
 * @param vector elements of the parameters, optimizer state included
 * @param sent elements of a delta
 * @param codec of deltas
 * @param feedback whether replicas keep what the codec loses
 * @param downCodec of what changed of the parameters
 * @param kept elements that a replica keeps from round to round, of residual and optimizer state
 * @param outerVectors state of the outer optimizer, in vectors
 * @param averaged whether a moving average of the weights is kept
 * @param localSteps of a round
 */
public record RoundShape(
    int replicas,
    int executors,
    int cores,
    long vector,
    long sent,
    DeltaCodec codec,
    boolean feedback,
    DeltaCodec downCodec,
    long kept,
    int outerVectors,
    boolean averaged,
    long localSteps) {
  public RoundShape {
    if (replicas <= 0 || executors <= 0 || cores < executors) {
      throw new IllegalArgumentException(
          "replicas and executors must be positive, and cores at least as many as executors, but were: %d, %d and %d"
              .formatted(replicas, executors, cores));
    }
  }

  /** That of a training. */
  static RoundShape of(
      TrainingOptions options, TrainingProgram program, ClusterSize cluster, long localSteps) {
    Averaging averaging = options.averaging();
    boolean averaged = averaging.optimizerState() == Averaging.OptimizerState.AVERAGED;
    long sent = averaged ? program.vectorSize() : program.sizeWithoutOptimizer();
    boolean keepsState = averaging.optimizerState() == Averaging.OptimizerState.KEPT;
    boolean feedback = averaging.errorFeedback() && averaging.codec() != DeltaCodec.FLOAT32;
    return new RoundShape(
        options.replicas(),
        cluster.executors(),
        cluster.slots(),
        program.vectorSize(),
        sent,
        averaging.codec(),
        feedback,
        averaging.downCodec(),
        (feedback ? sent : 0) + (keepsState ? program.vectorSize() - sent : 0),
        vectors(averaging.outer()),
        options.ema().isPresent(),
        localSteps);
  }

  /** The same with other replicas, each with a core of its own on executors like these. */
  public RoundShape withReplicas(int replicas) {
    int coresEach = Math.max(1, cores / executors);
    int more = (replicas + coresEach - 1) / coresEach;
    return new RoundShape(
        replicas,
        more,
        more * coresEach,
        vector,
        sent,
        codec,
        feedback,
        downCodec,
        kept,
        outerVectors,
        averaged,
        localSteps);
  }

  /** How many replicas run one after the other on a core, at most. */
  int replicasPerCore() {
    return (replicas + cores - 1) / cores;
  }

  /** How many an executor has, at most. */
  int replicasPerExecutor() {
    return (replicas + executors - 1) / executors;
  }

  /** How many run at a time in an executor, at most. */
  int sideBySide() {
    return Math.min(replicasPerExecutor(), (cores + executors - 1) / executors);
  }

  /** Bytes of a coded delta. */
  long deltaBytes() {
    return DeltaForm.bytes(codec, sent);
  }

  /** Bytes of what an executor fetches to start from, once it has the parameters before. */
  long downBytes() {
    return hasShadow() ? DeltaForm.bytes(downCodec, sent) : vectorBytes();
  }

  /** Whether replicas start from other parameters than the driver has. */
  boolean hasShadow() {
    return downCodec != DeltaCodec.FLOAT32;
  }

  /** Bytes of the parameters. */
  long vectorBytes() {
    return vector * Float.BYTES;
  }

  private static int vectors(OuterOptimizer outer) {
    if (outer instanceof OuterOptimizer.Adam) {
      return 2;
    }
    return ((OuterOptimizer.Momentum) outer).momentum() > 0 ? 1 : 0;
  }
}
