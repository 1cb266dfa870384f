package io.lepton.tf.keras;

import java.util.List;
import java.util.Optional;

/**
 * What a layer of a Functional model is called with.
 *
 * @param inputs names of the layers whose outputs it takes, in the order of the arguments
 * @param mask name of the operation that gives the mask it is called with, if it is
 * @param causal whether attention sees earlier steps only
 */
record LayerCall(List<String> inputs, Optional<String> mask, boolean causal) {
  LayerCall {
    inputs = List.copyOf(inputs);
  }

  /** One of a layer that takes what a layer before it gives. */
  static LayerCall of(List<String> inputs) {
    return new LayerCall(inputs, Optional.empty(), false);
  }
}
