package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Initializer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.WeightOptions;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;

/**
 * The part of a model that weighs numbers and categories each on their own, without a bias.
 *
 * @param architecture its name, for messages
 * @param blueprint to add layers to
 */
record Linear(String architecture, Blueprint blueprint) {
  static final String WORDS = "numbers and categories";

  /** {@code [units]} of an input; categories begin at 0. */
  String of(Feature feature, int units) {
    if (feature.kind() == Kind.NUMBERS) {
      return projected(feature, units);
    }
    String weights =
        blueprint.add(
            new IdLayer.Embedding(feature.vocabulary(), units),
            WeightOptions.NONE.initialized("embeddings", Initializer.ZEROS),
            feature.name());
    return sum(feature, weights);
  }

  /** Numbers times a matrix. */
  String projected(Feature numbers, int units) {
    return blueprint.add(
        new Layer.Dense(units, Activation.LINEAR, false), blueprint.flatten(numbers.name()));
  }

  /** The sum over columns of vectors {@code [columns, elements]}. */
  String sum(Feature categories, String vectors) {
    int columns = columns(categories);
    return columns == 1
        ? blueprint.flatten(vectors)
        : blueprint.add(
            new Layer.Rescaling(columns, 0),
            blueprint.add(new PoolingLayer.GlobalAveragePooling1d(), vectors));
  }

  private int columns(Feature categories) {
    List<Integer> shape =
        categories
            .shape()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s sums over columns, but how many %s has is not known; list them by name"
                            .formatted(architecture, categories)));
    return shape.get(0);
  }
}
