package io.lepton.tf.model;

/**
 * A function applied to each element of a layer's output; softmax and its logarithm to the last
 * dimension.
 *
 * <p>As in Keras: leaky ReLU has slope 0.2 below 0, GELU is the exact one with erf, the other one
 * its approximation by tanh; the hard sigmoid is {@code relu6(x+3)/6}. Swish is also called SiLU.
 */
public enum Activation {
  LINEAR,
  RELU,
  RELU6,
  LEAKY_RELU,
  ELU,
  SELU,
  GELU,
  GELU_TANH,
  SIGMOID,
  HARD_SIGMOID,
  SOFTPLUS,
  SOFTSIGN,
  SOFTMAX,
  LOG_SOFTMAX,
  SWISH,
  SILU,
  HARD_SWISH,
  HARD_SILU,
  MISH,
  EXPONENTIAL,
  TANH
}
