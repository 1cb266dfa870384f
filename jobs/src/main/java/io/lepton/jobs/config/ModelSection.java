package io.lepton.jobs.config;

import io.lepton.tf.model.Node;
import java.util.List;

/**
 * The model of a job.
 *
 * @param layers from the inputs to the loss, each after what it takes
 */
public record ModelSection(List<Node> layers) {
  public ModelSection {
    layers = List.copyOf(layers);
  }
}
