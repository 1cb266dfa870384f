package io.lepton.jobs.config;

/**
 * How replicas are averaged.
 *
 * @param replicas logical copies of the model, trained side by side
 * @param localSteps steps between two averages
 */
public record AveragingSection(int replicas, int localSteps) {
  static AveragingSection read(Settings averaging) {
    return new AveragingSection(
        averaging.orDefault("replicas", Defaults.REPLICAS, Rule.integer(1)),
        averaging.orDefault("local-steps", Defaults.LOCAL_STEPS, Rule.integer(1)));
  }
}
