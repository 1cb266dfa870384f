package io.lepton.spark.config;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.PrecisionChoice;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.RateScale;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.Missing;
import io.lepton.tf.PageLocking;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.RecurrentLayer;
import io.lepton.tf.savedmodel.ImportOptions;
import java.time.Duration;
import java.util.List;

/** What holds where a file is silent. A pooling layer's strides are its pool-size. */
final class Defaults {
  static final long SEED = 7;

  static final InputType INPUT_TYPE = InputType.NUMBERS;
  static final Missing MISSING = Missing.FAIL;
  static final ImageEncoding IMAGE_ENCODING = ImageEncoding.RAW;
  static final NumberWord ELEMENT_TYPE = NumberWord.FLOAT32;
  static final int SEQUENCE_WIDTH = 1;
  static final double SEQUENCE_PADDING = 0;
  static final int MAX_CATEGORIES = 1000;
  static final int MAX_WORDS = 20_000;
  static final int MIN_COUNT = 1;
  static final boolean ONE_HOT = false;
  static final boolean LOWER_CASE = true;
  static final String FORMAT = "parquet";

  static final int CROP_PADDING = 4;
  static final double FLIP_PROBABILITY = 0.5;
  static final double ROTATION_DEGREES = 15;
  static final double BRIGHTNESS_DELTA = 0.2;
  static final double VALUE_RANGE = 255;
  static final double CONTRAST_LOW = 0.8;
  static final double CONTRAST_HIGH = 1.2;
  static final double MIXUP_ALPHA = 0.2;
  static final double CUTMIX_ALPHA = 1;
  static final double NOISE_DEVIATION = 0.1;
  static final double AUGMENTATION_RATE = 0.1;
  static final int UNKNOWN_WORD = 1;

  static final Activation ACTIVATION = Activation.LINEAR;
  static final boolean USE_BIAS = true;
  static final int CONVOLUTION_STRIDES = 1;
  static final int POOL_SIZE = 2;
  static final Padding PADDING = Padding.VALID;
  static final int UP_SAMPLING_SIZE = 2;
  static final PoolingLayer.Interpolation INTERPOLATION = PoolingLayer.Interpolation.NEAREST;
  static final List<Integer> BORDER = List.of(1);
  static final int DILATION = 1;
  static final int DEPTH_MULTIPLIER = 1;
  static final double MOVING_MOMENTUM = 0.99;
  static final double NORMALIZATION_EPSILON = 1e-3;
  static final int GROUPS = 32;
  static final double NEGATIVE_SLOPE = 0.3;
  static final double PENALTY = 0;
  static final double INITIAL_VALUE = 0;
  static final double INITIAL_REACH = 0.05;
  static final double INITIAL_GAIN = 1;
  static final int PADDING_ID = 0;
  static final double RESCALING_OFFSET = 0;
  static final boolean RETURN_SEQUENCES = false;
  static final boolean GO_BACKWARDS = false;
  static final RecurrentLayer.Merge MERGE = RecurrentLayer.Merge.CONCAT;
  static final boolean NORMALIZE = false;
  static final boolean CAUSAL = false;
  static final double DROPOUT = 0;

  static final String SERVING_ENDPOINT = ImportOptions.defaults().endpoint();
  static final List<String> STARTING_NAMES = List.of("*");
  static final boolean PARTIAL_START = false;

  static final int EPOCHS = 5;
  static final int BATCH_SIZE = 64;
  static final PrecisionChoice PRECISION = PrecisionChoice.AUTO;
  static final LossWord LOSS = LossWord.AUTO;
  static final double LABEL_SMOOTHING = 0;
  static final double POSITIVE_WEIGHT = 1;
  static final double FOCAL_GAMMA = 2;
  static final double FOCAL_ALPHA = 0.25;
  static final double HUBER_DELTA = 1;
  static final double MARGIN = 1;
  static final double TEMPERATURE = 1;
  static final double LOSS_WEIGHT = 1;
  static final int PATIENCE = 3;

  static final String OPTIMIZER = "adam";
  static final double ADAM_LEARNING_RATE = 1e-3;
  static final double ADAM_BETA1 = 0.9;
  static final double ADAM_BETA2 = 0.999;
  static final double ADAM_EPSILON = 1e-7;
  static final double SGD_LEARNING_RATE = 1e-2;
  static final double SGD_MOMENTUM = 0;
  static final double NESTEROV_MOMENTUM = 0.9;
  static final double ADAMW_WEIGHT_DECAY = 0.004;
  static final double WEIGHT_DECAY = 0;
  static final double ADAGRAD_ACCUMULATOR = 0.1;
  static final double RMSPROP_RHO = 0.9;
  static final boolean RMSPROP_CENTERED = false;
  static final double ADAFACTOR_BETA2_DECAY = -0.8;
  static final double ADAFACTOR_EPSILON1 = 1e-30;
  static final double ADAFACTOR_EPSILON2 = 1e-3;
  static final double ADAFACTOR_CLIP_THRESHOLD = 1;
  static final double LION_BETA2 = 0.99;

  static final double RATE_DECAY = 0.1;
  static final double RATE_END = 0;
  static final double CYCLE_GROWTH = 1;
  static final double ONE_CYCLE_START = 0.04;
  static final double ONE_CYCLE_END = 1e-4;
  static final double ONE_CYCLE_PEAK = 0.3;
  static final double POLYNOMIAL_POWER = 1;
  static final int PLATEAU_PATIENCE = 2;

  static final double BATCH_GROWTH = 2;

  static final int ACCUMULATE = 1;
  static final boolean LAZY = false;
  static final double EMA_DECAY = 0.999;
  static final boolean EMA_CORRECTION = true;

  static final int FIXED_REPLICAS = 2;
  static final int LOCAL_STEPS = 50;
  static final double SYNC_SHARE = 0.05;
  static final int MOST_LOCAL_STEPS = 1000;
  static final Averaging.OptimizerState OPTIMIZER_STATE = Averaging.OptimizerState.AVERAGED;
  static final DeltaCodec DELTA_CODEC = DeltaCodec.FLOAT32;
  static final boolean ERROR_FEEDBACK = true;
  static final DeltaCodec DOWN_CODEC = DeltaCodec.FLOAT32;
  static final int FOLD_WIDTH = Averaging.FOLD_WIDTH;
  static final String FOLD_THREADS = "auto";
  static final RateScale RATE_SCALE = RateScale.NONE;
  static final double SPIKE = 3;
  static final double ROLLBACK_RATE_FACTOR = 0.5;
  static final int MOST_ROLLBACKS = 3;
  static final double OUTER_RATE = 1;
  static final double OUTER_MOMENTUM = 0.9;
  static final double OUTER_NESTEROV_RATE = 0.7;
  static final double OUTER_ADAM_RATE = 1e-2;
  static final double OUTER_ADAM_BETA2 = 0.99;
  static final double OUTER_ADAM_EPSILON = 1e-8;

  static final boolean DETERMINISTIC = false;
  static final boolean XLA = false;
  static final boolean GPU_MEMORY_GROWTH = true;
  static final double GPU_MEMORY_FRACTION = 0;
  static final PageLocking PAGE_LOCKED = PageLocking.AUTO;

  static final Duration EXECUTOR_WAIT = Duration.ofMinutes(5);
  static final Duration TASK_TIMEOUT = Duration.ofHours(2);

  static final long MAX_SHARDS = 20L << 30;

  static final int REPLICATES = 0;
  static final double CONFIDENCE = 0.95;
  static final List<Integer> CUTOFFS = List.of(10);

  static final Duration LATENESS = Duration.ofMinutes(10);

  static final boolean OVERWRITE = true;
  static final boolean FROZEN = false;

  static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(10);
  static final int KEEP_LAST = 2;
  static final int KEEP_BEST = 1;

  private Defaults() {}
}
