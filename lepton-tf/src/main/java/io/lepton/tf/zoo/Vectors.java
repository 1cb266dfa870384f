package io.lepton.tf.zoo;

import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.PoolingLayer;
import java.util.List;

/**
 * Makes a vector of any input: numbers as they are, pixels from 0 to 1, an embedding for each
 * column of categories, the mean of a text's embeddings, all of a sequence and its mask.
 *
 * @param blueprint to add layers to
 * @param embedding elements of the vector of an id
 */
record Vectors(Blueprint blueprint, int embedding) {
  /** All side by side. */
  String of(List<Feature> features) {
    return blueprint.concatenate(features.stream().map(this::of).toList());
  }

  String of(Feature feature) {
    return switch (feature.kind()) {
      case NUMBERS -> blueprint.flatten(feature.name());
      case IMAGE -> blueprint.flatten(blueprint.pixels(feature));
      case IDS -> blueprint.flatten(embedded(feature));
      case WORDS -> mean(feature);
      case SEQUENCE ->
          blueprint.concatenate(List.of(blueprint.flatten(feature.name()), feature.mask()));
    };
  }

  /** A vector for each id. */
  String embedded(Feature feature) {
    return blueprint.add(new IdLayer.Embedding(feature.vocabulary(), embedding), feature.name());
  }

  private String mean(Feature words) {
    String vectors = embedded(words);
    String mask = blueprint.add(new IdLayer.NotEqual(0), words.name());
    return blueprint.add(new PoolingLayer.GlobalAveragePooling1d(), vectors, mask);
  }
}
