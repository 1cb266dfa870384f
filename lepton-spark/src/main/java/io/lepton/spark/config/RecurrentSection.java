package io.lepton.spark.config;

import io.lepton.tf.model.Layer;
import io.lepton.tf.model.RecurrentLayer;

/** Reads the options of recurrent layers. */
final class RecurrentSection {
  private RecurrentSection() {}

  static Layer oneWay(Settings options, RecurrentLayer.Cell cell) {
    return new RecurrentLayer.OneWay(
        cell,
        units(options),
        returnSequences(options),
        options.orDefault("go-backwards", Defaults.GO_BACKWARDS, Rule.flag()));
  }

  static Layer bidirectional(Settings options) {
    return new RecurrentLayer.Bidirectional(
        options.required("layer", Rule.word(RecurrentLayer.Cell.class)),
        units(options),
        returnSequences(options),
        options.orDefault("merge", Defaults.MERGE, Rule.word(RecurrentLayer.Merge.class)));
  }

  private static int units(Settings options) {
    return options.required("units", Rule.integer(1));
  }

  private static boolean returnSequences(Settings options) {
    return options.orDefault("return-sequences", Defaults.RETURN_SEQUENCES, Rule.flag());
  }
}
