package io.lepton.spark.config;

import java.util.List;

/**
 * What a trained model is told that scores without the configuration of its job.
 *
 * @param cluster that scores
 * @param stream that is scored
 * @param effective every setting, as that of {@link JobConfiguration}
 */
public record ScoringConfiguration(ClusterSection cluster, StreamSection stream, String effective) {

  /**
   * Reads overrides, which may set {@code cluster} and {@code stream}.
   *
   * @param sets each {@code path=value} in HOCON
   * @throws ConfigurationException with every problem, if there is any
   */
  public static ScoringConfiguration load(List<String> sets) {
    Problems problems = new Problems();
    Settings root = Settings.root(Sources.read(sets, problems), problems);
    problems.throwIfAny();
    ClusterSection cluster = ClusterSection.read(root.section("cluster"));
    StreamSection stream =
        StreamSection.read(root.optionalSection("stream").orElseGet(Settings::nothing));
    root.refuseUnknown();
    problems.throwIfAny();
    return new ScoringConfiguration(cluster, stream, root.effective());
  }
}
