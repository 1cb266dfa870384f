package io.lepton.spark.ingest;

import io.lepton.tf.model.Transform;
import java.io.Serializable;
import java.util.List;

/**
 * What the training set decided of an input.
 *
 * @param name of the input
 * @param transforms of what is stored
 * @param vocabularies of its columns, in their order, by falling frequency; empty if it has none
 */
public record FittedInput(String name, List<Transform> transforms, List<List<String>> vocabularies)
    implements Serializable {
  public FittedInput {
    transforms = List.copyOf(transforms);
    vocabularies = vocabularies.stream().map(List::copyOf).toList();
  }

  static FittedInput of(String name, List<Transform> transforms) {
    return new FittedInput(name, transforms, List.of());
  }
}
