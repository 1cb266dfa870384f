package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.tf.TrainingProgram;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of a training cost on its machines, medians; what it took to get that apart from
 * others is in {@link RoundCosts}.
 *
 * @param rounds that were measured
 * @param replicas that took part
 * @param waves in which they ran
 * @param vector elements of the parameters
 * @param sent elements of a delta
 * @param codec of deltas
 * @param feedback whether replicas keep what the codec loses
 * @param batchSize examples of a step
 * @param fixedSeconds of a round that are none of the others
 * @param bytesPerSecond at which parameters reached all executors together; 0 if none travelled
 * @param publishSeconds of an element of the parameters, published
 * @param replicaSeconds of an element of the parameters in a replica: assigned, its move read,
 *     coded, checked and published
 * @param foldSeconds of an element of a delta, or of a mean that executors folded, on the driver:
 *     fetched, decoded and added, by all its threads
 * @param moveSeconds of an element of the parameters on the driver, moved
 * @param stepSeconds of a step
 * @param sentShare of the bytes of a delta without zeros that replicas sent
 */
public record MeasuredCosts(
    int rounds,
    int replicas,
    int waves,
    long vector,
    long sent,
    DeltaCodec codec,
    boolean feedback,
    int batchSize,
    double fixedSeconds,
    double bytesPerSecond,
    double publishSeconds,
    double replicaSeconds,
    double foldSeconds,
    double moveSeconds,
    double stepSeconds,
    double sentShare) {
  /**
   * Those of some rounds.
   *
   * @param reports of rounds in which the batch had one size, at least one
   */
  static MeasuredCosts of(
      List<RoundReport> reports,
      TrainingOptions options,
      TrainingProgram program,
      ClusterSize cluster) {
    RoundShape shape = RoundShape.of(options, program, cluster, 1);
    double vector = shape.vector();
    FoldLevels levels = shape.foldLevels();
    double folded = (double) levels.size(levels.top()) * shape.sent();
    int waves = shape.replicasPerCore();
    return new MeasuredCosts(
        reports.size(),
        shape.replicas(),
        waves,
        shape.vector(),
        shape.sent(),
        shape.codec(),
        shape.feedback(),
        reports.get(0).averages().batchSize(),
        Math.max(0, median(reports, it -> fixed(it, waves))),
        cluster.local() ? 0 : median(reports, MeasuredCosts::bytesPerSecond),
        median(reports, it -> it.parts().publishSeconds()) / vector,
        median(reports, it -> it.computeSeconds() - it.parts().stepSeconds()) / vector,
        median(reports, it -> driverFold(it.parts())) / folded,
        median(reports, it -> it.parts().moveSeconds()) / vector,
        median(reports, it -> it.parts().stepSeconds() / it.parts().steps()),
        median(reports, it -> it.bytesUp()) / ((double) shape.replicas() * shape.deltaBytes()));
  }

  /**
   * These as parts of any round.
   *
   * @param taskSeconds of one more replica on the driver, which rounds of one number of replicas do
   *     not tell from their fixed costs
   */
  public RoundCosts costs(double taskSeconds) {
    return new RoundCosts(
        Math.max(0, fixedSeconds - replicas * taskSeconds),
        taskSeconds,
        bytesPerSecond == 0 ? Double.POSITIVE_INFINITY : bytesPerSecond,
        Math.max(0, replicaSeconds - CodecCosts.encoding(codec, feedback) * sent / vector),
        Math.max(0, foldSeconds - CodecCosts.decoding(codec)),
        publishSeconds + moveSeconds,
        stepSeconds,
        sentShare);
  }

  /** Whether rounds of another training are of a model as large as this. */
  boolean isOf(RoundShape shape) {
    return vector == shape.vector() && sent == shape.sent() && codec == shape.codec();
  }

  /** Whether its steps are like these, too. */
  boolean isOf(RoundShape shape, int size) {
    return isOf(shape) && batchSize == size;
  }

  private static double driverFold(RoundReport.Parts parts) {
    return parts.foldSeconds() - parts.treeSeconds() - parts.moveSeconds();
  }

  private static double fixed(RoundReport round, int waves) {
    RoundReport.Parts parts = round.parts();
    return round.seconds()
        - parts.publishSeconds()
        - parts.fetchSeconds()
        - waves * round.computeSeconds()
        - parts.foldSeconds();
  }

  private static double bytesPerSecond(RoundReport round) {
    double seconds = round.parts().fetchSeconds();
    return seconds == 0 ? 0 : round.bytesDown() / seconds;
  }

  private static double median(List<RoundReport> rounds, ToDoubleFunction<RoundReport> what) {
    List<Double> sorted =
        rounds.stream().map(what::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
