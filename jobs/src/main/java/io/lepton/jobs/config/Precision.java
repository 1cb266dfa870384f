package io.lepton.jobs.config;

/** The number format of a training step. */
public enum Precision {
  /** Whatever the device is fastest at without losing accuracy. */
  AUTO,
  FLOAT32
}
