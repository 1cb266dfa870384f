package io.lepton.jobs.config;

import io.lepton.tf.model.Node;
import java.util.List;
import java.util.Optional;

/**
 * The model of a job.
 *
 * @param layers from the inputs to the loss, each after what it takes
 */
public record ModelSection(List<Node> layers) {
  public ModelSection {
    layers = List.copyOf(layers);
  }

  static ModelSection read(Settings model) {
    return new ModelSection(
        model.items("layers").stream().map(LayerSection::read).flatMap(Optional::stream).toList());
  }
}
