package io.lepton.tf.model;

/** How a window meets the border: only whole windows, or zeros around so that sizes keep. */
public enum Padding {
  VALID,
  SAME
}
