package io.lepton.spark.config;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.ModelBundle;
import io.lepton.tf.model.EarlierWeights;
import io.lepton.tf.model.WeightValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which weights of an earlier run's bundle a model starts from. */
final class WarmStartSection {
  private WarmStartSection() {}

  static Optional<EarlierWeights> read(Settings start) {
    List<String> names =
        start.orDefault("names", Defaults.STARTING_NAMES, Rule.oneOrMore(Rule.text()));
    boolean partial = start.orDefault("partial", Defaults.PARTIAL_START, Rule.flag());
    Optional<Map<String, WeightValue>> weights =
        ModelFile.open(
            start, "bundle", bundle -> ModelBundle.weights(bundle, HadoopSettings.current()));
    return weights.map(values -> new EarlierWeights(values, names, partial));
  }
}
