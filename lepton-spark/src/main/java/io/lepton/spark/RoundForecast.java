package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SliceStream;

/**
 * A model of one round: what it takes on paper. Parameters go down once to each executor, replicas
 * take their steps, in waves where there are fewer cores, then the deltas come up and are folded as
 * they come. Not in it: slow machines (the slowest replica ends a round), links of executors (the
 * driver's is the narrowest, and nothing else uses it), deltas that do not fit the storage memory
 * of their executors and come from disk, and rounds cut short by the end of an epoch.
 */
public record RoundForecast(RoundShape shape, RoundCosts costs) {
  private static final long SPARES = 2;

  /**
   * A round of so many replicas, each with a core of its own on executors like these.
   *
   * @param bytesPerSecond of the driver's link
   */
  public RoundForecast at(int replicas, double bytesPerSecond) {
    return new RoundForecast(shape.withReplicas(replicas), costs.over(bytesPerSecond));
  }

  /** Parameters, or what changed of them, once to each executor. */
  public long bytesDown() {
    return Math.min(shape.executors(), shape.replicas()) * shape.downBytes();
  }

  /** Deltas as they are coded, from each replica. */
  public long bytesUp() {
    return Math.round(shape.replicas() * shape.deltaBytes() * costs.sentShare());
  }

  /** Steps of all waves. */
  public double computeSeconds() {
    return shape.replicasPerCore() * shape.localSteps() * costs.stepSeconds();
  }

  /** All of a round but its steps. */
  public double syncSeconds() {
    double element = costs.replicaSeconds() + CodecCosts.encoding(shape.codec(), shape.feedback());
    double replica = shape.replicasPerCore() * shape.vector() * element;
    double up = bytesUp() / costs.bytesPerSecond();
    double added = costs.foldSeconds() + CodecCosts.decoding(shape.codec());
    double fold = shape.replicas() * shape.sent() * added;
    return costs.roundSeconds()
        + shape.replicas() * costs.taskSeconds()
        + bytesDown() / costs.bytesPerSecond()
        + shadowSeconds()
        + replica
        + Math.max(up, fold)
        + shape.vector() * costs.moveSeconds();
  }

  /** The driver codes and adds, then every executor adds. */
  private double shadowSeconds() {
    DeltaCodec codec = shape.downCodec();
    double element = CodecCosts.encoding(codec, false) + 2 * CodecCosts.decoding(codec);
    return shape.sent() * element;
  }

  public double seconds() {
    return computeSeconds() + syncSeconds();
  }

  /** Share of a round in which no replica takes steps. */
  public double syncShare() {
    return syncSeconds() / seconds();
  }

  /**
   * Vectors on the driver while it folds: the parameters, those before, those to come and the best
   * ones, the shadow that replicas start from twice, the outer optimizer's state twice, a moving
   * average, and slices of deltas.
   */
  public long driverBytes() {
    int vectors =
        4 + 2 * shape.outerVectors() + (shape.averaged() ? 3 : 0) + (shape.hasShadow() ? 2 : 0);
    return vectors * shape.vectorBytes()
        + Math.min(6 * shape.vectorBytes(), 2L * Publisher.SLICE + SliceStream.BUDGET);
  }

  /**
   * What the driver holds besides as long as it writes one checkpoint and another waits: vectors
   * that rounds have replaced since, and what one replica keeps.
   */
  public long checkpointBytes() {
    int vectors =
        1 + shape.outerVectors() + (shape.averaged() ? 2 : 0) + (shape.hasShadow() ? 1 : 0);
    return 2L * vectors * shape.vectorBytes() + shape.kept() * Float.BYTES;
  }

  /**
   * An executor's vectors: the parameters once (a shadow also as it was before), in each session,
   * and as a delta of each core; two unused ones; coded deltas, and what each of its replicas
   * keeps, of two rounds. Chunks of data are not counted.
   */
  public long executorBytes() {
    long replicas = shape.replicasPerExecutor();
    long vectors = (shape.hasShadow() ? 2 : 1) + SPARES + 2L * shape.sideBySide();
    return vectors * shape.vectorBytes()
        + replicas * (shape.deltaBytes() + 2 * shape.kept() * Float.BYTES);
  }
}
