package io.lepton.tf.model;

/**
 * A function applied to each element of a layer's output; softmax to the last dimension.
 *
 * <p>As in Keras: leaky ReLU has slope 0.2 below 0, GELU is the exact one with erf.
 */
public enum Activation {
  LINEAR,
  RELU,
  RELU6,
  LEAKY_RELU,
  ELU,
  SELU,
  GELU,
  SIGMOID,
  SOFTPLUS,
  SOFTMAX,
  SWISH,
  TANH
}
