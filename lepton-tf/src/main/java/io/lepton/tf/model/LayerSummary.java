package io.lepton.tf.model;

import java.util.List;

/**
 * One line of a model's summary.
 *
 * @param name of the layer
 * @param kind of the layer, as in configuration files
 * @param outputShape of one example
 * @param parameters number of its weights
 * @param flops floating-point operations of its kernels for one example, forward; a product and its
 *     sum are two
 */
public record LayerSummary(
    String name, String kind, List<Integer> outputShape, long parameters, long flops) {
  public LayerSummary {
    outputShape = List.copyOf(outputShape);
  }
}
