package io.lepton.spark.config;

/**
 * What a job leaves.
 *
 * @param model directory of the model bundle
 * @param overwrite whether a bundle that is already there is replaced
 * @param frozen whether the bundle has the model without variables too
 */
public record OutputSection(String model, boolean overwrite, boolean frozen) {
  static OutputSection read(Settings output) {
    return new OutputSection(
        output.required("model", Rule.text()),
        output.orDefault("overwrite", Defaults.OVERWRITE, Rule.flag()),
        output.orDefault("frozen", Defaults.FROZEN, Rule.flag()));
  }
}
