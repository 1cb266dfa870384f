package io.lepton.tf.keras;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.ConvolutionLayer;
import io.lepton.tf.model.Layer;

/** What goes into a softmax or sigmoid. */
final class Logits {
  private Logits() {}

  /** The layer without its softmax or sigmoid; itself if it ends in another function. */
  static Layer of(Layer layer) {
    if (layer instanceof Layer.Dense dense && isProbability(dense.activation())) {
      return new Layer.Dense(dense.units(), Activation.LINEAR, dense.useBias());
    }
    if (layer instanceof Layer.Conv1d conv && isProbability(conv.activation())) {
      return new Layer.Conv1d(
          conv.filters(),
          conv.kernelSize(),
          conv.strides(),
          conv.padding(),
          conv.dilation(),
          Activation.LINEAR,
          conv.useBias());
    }
    if (layer instanceof ConvolutionLayer conv && isProbability(conv.activation())) {
      return linear(conv);
    }
    if (layer instanceof Layer.Conv2d conv && isProbability(conv.activation())) {
      return new Layer.Conv2d(conv.filters(), conv.window(), Activation.LINEAR, conv.useBias());
    }
    return layer instanceof Layer.ActivationLayer end && isProbability(end.function())
        ? new Layer.ActivationLayer(Activation.LINEAR)
        : layer;
  }

  private static Layer linear(ConvolutionLayer layer) {
    if (layer instanceof ConvolutionLayer.Conv2dTranspose conv) {
      return new ConvolutionLayer.Conv2dTranspose(
          conv.filters(), conv.window(), Activation.LINEAR, conv.useBias());
    }
    if (layer instanceof ConvolutionLayer.DepthwiseConv2d conv) {
      return new ConvolutionLayer.DepthwiseConv2d(
          conv.depthMultiplier(), conv.window(), Activation.LINEAR, conv.useBias());
    }
    ConvolutionLayer.SeparableConv2d conv = (ConvolutionLayer.SeparableConv2d) layer;
    return new ConvolutionLayer.SeparableConv2d(
        conv.filters(), conv.depthMultiplier(), conv.window(), Activation.LINEAR, conv.useBias());
  }

  private static boolean isProbability(Activation activation) {
    return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
  }
}
