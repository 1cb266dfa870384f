package io.lepton.tf.zoo;

import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an architecture is given, and whether it can take that.
 *
 * @param architecture its name, for messages
 */
record Inputs(String architecture, List<Feature> features) {
  /**
   * The only one.
   *
   * @param words what it must be
   */
  Feature only(String words, Kind... kinds) {
    return exactly(1, words, kinds).get(0);
  }

  /** So many of these kinds and no other. */
  List<Feature> exactly(int count, String words, Kind... kinds) {
    if (features.size() != count) {
      throw refusal(words);
    }
    return all(words, kinds);
  }

  /** All, each of one of these kinds. */
  List<Feature> all(String words, Kind... kinds) {
    List<Kind> taken = List.of(kinds);
    if (features.isEmpty() || features.stream().anyMatch(it -> !taken.contains(it.kind()))) {
      throw refusal(words);
    }
    return features;
  }

  IllegalArgumentException refusal(String words) {
    return new IllegalArgumentException(
        "%s takes %s, but the inputs are: %s; change them or take another model"
            .formatted(
                architecture,
                words,
                features.stream().map(Feature::toString).collect(Collectors.joining(", "))));
  }
}
