package io.lepton.tf.zoo;

import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;

/**
 * A text or a sequence as layers over steps take it.
 *
 * @param vectors {@code [steps, channels]}
 * @param mask {@code [steps]}
 */
record Steps(String vectors, String mask) {
  static final String WORDS = "one text or one sequence";

  /**
   * The only input.
   *
   * @param embedding elements of a word's vector
   */
  static Steps of(Inputs inputs, int embedding, Blueprint blueprint) {
    Feature feature = inputs.only(WORDS, Kind.WORDS, Kind.SEQUENCE);
    if (feature.kind() == Kind.WORDS) {
      return new Steps(
          new Vectors(blueprint, embedding).embedded(feature),
          blueprint.add(new IdLayer.NotEqual(0), feature.name()));
    }
    List<Integer> shape = feature.shape().orElseThrow();
    return new Steps(
        shape.size() == 1
            ? blueprint.add(new Layer.Reshape(List.of(shape.get(0), 1)), feature.name())
            : feature.name(),
        feature.mask());
  }
}
