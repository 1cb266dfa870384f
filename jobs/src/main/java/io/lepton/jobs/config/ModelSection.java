package io.lepton.jobs.config;

import io.lepton.tf.model.Layer;
import java.util.List;
import java.util.Optional;

/**
 * The model of a job.
 *
 * @param layers the chain from the input to the loss
 */
public record ModelSection(List<Layer> layers) {
  public ModelSection {
    layers = List.copyOf(layers);
  }

  static ModelSection read(Settings model) {
    return new ModelSection(
        model.items("layers").stream().map(LayerSection::read).flatMap(Optional::stream).toList());
  }
}
