package io.lepton.jobs.config;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Padding;

/** What holds where a file is silent. A pooling layer's strides are its pool-size. */
final class Defaults {
  static final long SEED = 7;

  static final InputType INPUT_TYPE = InputType.FLOAT32;
  static final String FORMAT = "parquet";

  static final Activation ACTIVATION = Activation.LINEAR;
  static final boolean USE_BIAS = true;
  static final int CONVOLUTION_STRIDES = 1;
  static final int POOL_SIZE = 2;
  static final Padding PADDING = Padding.VALID;
  static final int UP_SAMPLING_SIZE = 2;
  static final int PADDING_ID = 0;
  static final double RESCALING_OFFSET = 0;

  static final int EPOCHS = 5;
  static final int BATCH_SIZE = 64;
  static final Precision PRECISION = Precision.AUTO;
  static final LossChoice LOSS = LossChoice.AUTO;
  static final int PATIENCE = 3;

  static final String OPTIMIZER = "adam";
  static final double ADAM_LEARNING_RATE = 1e-3;
  static final double ADAM_BETA1 = 0.9;
  static final double ADAM_BETA2 = 0.999;
  static final double ADAM_EPSILON = 1e-7;
  static final double SGD_LEARNING_RATE = 1e-2;
  static final double SGD_MOMENTUM = 0;

  static final int REPLICAS = 2;
  static final int LOCAL_STEPS = 50;

  static final boolean OVERWRITE = true;

  private Defaults() {}
}
