package io.lepton.spark.config;

import io.lepton.tf.zoo.Architecture;
import java.util.Map;
import java.util.Optional;

/** Reads a class of the user's: its name, or an object of its name and options. */
final class ClassSection {
  private static final String NAME = "name";

  private ClassSection() {}

  /** An instance of the class at a key, or empty after a problem. */
  static Optional<Architecture> read(String key, Settings model) {
    if (!model.isObject(key)) {
      return instance(key, Map.of(), model);
    }
    Settings section = model.section(key);
    Map<String, Object> options = section.optional("options", Rule.object()).orElse(Map.of());
    section.required(NAME, Rule.text());
    return instance(NAME, options, section);
  }

  private static Optional<Architecture> instance(
      String key, Map<String, Object> options, Settings settings) {
    Optional<String> name = settings.optional(key, Rule.text());
    try {
      return name.map(it -> ArchitectureClass.instance(it, options));
    } catch (IllegalArgumentException e) {
      String[] words = e.getMessage().split("; ", 2);
      settings.refuse(key, words[0], words[1]);
      return Optional.empty();
    }
  }
}
