package io.lepton.jobs.config;

/**
 * What a job leaves.
 *
 * @param model directory of the model bundle
 * @param overwrite whether a bundle that is already there is replaced
 */
public record OutputSection(String model, boolean overwrite) {
  static OutputSection read(Settings output) {
    return new OutputSection(
        output.required("model", Rule.text()),
        output.orDefault("overwrite", Defaults.OVERWRITE, Rule.flag()));
  }
}
