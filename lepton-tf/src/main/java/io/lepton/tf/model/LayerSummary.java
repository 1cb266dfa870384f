package io.lepton.tf.model;

import java.util.List;

/**
 * One line of a model's summary.
 *
 * @param kind of the layer, as in configuration files
 * @param outputShape of one example
 * @param parameters number of its weights
 */
public record LayerSummary(String kind, List<Integer> outputShape, long parameters) {
  public LayerSummary {
    outputShape = List.copyOf(outputShape);
  }
}
