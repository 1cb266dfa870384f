package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SharedSlices;

/**
 * A model of one round: what it takes on paper. Parameters go down once to each executor, some from
 * other executors, replicas take their steps, in waves where there are fewer cores, then the deltas
 * are folded as they come: level by level on executors where they are many, then on the driver.
 * Executors have links like the driver's. Not in it: slow machines (the slowest replica ends a
 * round), what else uses links, deltas that do not fit the storage memory of their executors and
 * come from disk, and rounds cut short by the end of an epoch.
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
    return shape.readers() * shape.downBytes();
  }

  /** Those down that the driver sends, at most if executors are equally fast. */
  public long driverBytesDown() {
    return SharedSlices.fromOrigin(shape.readers(), shape.downBytes());
  }

  /** What the driver gets: deltas, or means that executors folded of them. */
  public long driverBytesUp() {
    return foldLevels() == 0
        ? bytesUp()
        : shape.foldLevels().size(foldLevels()) * shape.meanBytes();
  }

  /** How often deltas are folded before the driver folds. */
  public int foldLevels() {
    return shape.foldLevels().top();
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
    return costs.roundSeconds()
        + shape.replicas() * costs.taskSeconds()
        + driverBytesDown() / costs.bytesPerSecond()
        + shadowSeconds()
        + replica
        + foldSeconds()
        + shape.vector() * costs.moveSeconds();
  }

  /** Executors fold level by level, each a stage of its own; the driver folds what is left. */
  private double foldSeconds() {
    FoldLevels levels = shape.foldLevels();
    double seconds = 0;
    for (int level = 1; level <= levels.top(); level++) {
      int folds = levels.size(level);
      long each = (long) levels.widest(level) * partBytes(level - 1);
      double arriving = divided(folds, shape.executors()) * each / costs.bytesPerSecond();
      double adding = divided(folds, shape.cores()) * levels.widest(level) * addSeconds(level - 1);
      seconds += costs.roundSeconds() + folds * costs.taskSeconds() + Math.max(arriving, adding);
    }
    double arriving = driverBytesUp() / costs.bytesPerSecond();
    return seconds + Math.max(arriving, levels.size(levels.top()) * addSeconds(levels.top()));
  }

  private long partBytes(int level) {
    return level == 0 ? Math.round(shape.deltaBytes() * costs.sentShare()) : shape.meanBytes();
  }

  /** To add a delta, or a mean, which is never coded. */
  private double addSeconds(int level) {
    DeltaCodec codec = level == 0 ? shape.codec() : DeltaCodec.FLOAT32;
    return shape.sent() * (costs.foldSeconds() + CodecCosts.decoding(codec));
  }

  private static long divided(long folds, int by) {
    return (folds + by - 1) / by;
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
        + Math.min(6 * shape.vectorBytes(), SliceMeans.mostBytes(Averaging.MOST_FOLD_THREADS));
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
   * keeps, of two rounds; means that it folded, and slices of what it folds. Chunks of data are not
   * counted.
   */
  public long executorBytes() {
    long replicas = shape.replicasPerExecutor();
    long vectors = (shape.hasShadow() ? 2 : 1) + SPARES + 2L * shape.sideBySide();
    return vectors * shape.vectorBytes()
        + replicas * (shape.deltaBytes() + 2 * shape.kept() * Float.BYTES)
        + offeredBytes()
        + foldBytes();
  }

  /** A coded change that is kept for others; of the parameters others get the vector itself. */
  private long offeredBytes() {
    return shape.hasShadow() && SharedSlices.pays(shape.readers(), shape.downBytes())
        ? shape.downBytes()
        : 0;
  }

  private long foldBytes() {
    FoldLevels levels = shape.foldLevels();
    if (levels.top() == 0) {
      return 0;
    }
    int means = levels.sizes().stream().skip(1).mapToInt(Integer::intValue).sum();
    long atOnce = Math.min(divided(levels.size(1), shape.executors()), shape.sideBySide());
    return divided(means, shape.executors()) * shape.meanBytes()
        + atOnce * Math.min(6 * shape.meanBytes(), Publisher.SLICE + SliceMeans.mostBytes(1));
  }
}
