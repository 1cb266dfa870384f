package io.lepton.tf.keras;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;

/** What goes into a softmax or sigmoid. */
final class Logits {
  private Logits() {}

  /** The layer without its softmax or sigmoid; itself if it ends in another function. */
  static Layer of(Layer layer) {
    if (layer instanceof Layer.Dense dense && isProbability(dense.activation())) {
      return new Layer.Dense(dense.units(), Activation.LINEAR, dense.useBias());
    }
    if (layer instanceof Layer.Conv2d conv && isProbability(conv.activation())) {
      return new Layer.Conv2d(conv.filters(), conv.window(), Activation.LINEAR, conv.useBias());
    }
    return layer instanceof Layer.ActivationLayer end && isProbability(end.function())
        ? new Layer.ActivationLayer(Activation.LINEAR)
        : layer;
  }

  private static boolean isProbability(Activation activation) {
    return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
  }
}
