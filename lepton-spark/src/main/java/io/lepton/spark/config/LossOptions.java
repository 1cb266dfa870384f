package io.lepton.spark.config;

/**
 * Numbers that losses are tuned by; a loss has some of them.
 *
 * @param smoothing of labels
 * @param positiveWeight of the loss of positives
 * @param gamma how much less right examples count
 * @param alpha weight of the second class
 * @param delta where a squared error becomes an absolute one
 * @param margin between what is to be told apart
 * @param temperature that products are divided by
 */
record LossOptions(
    double smoothing,
    double positiveWeight,
    double gamma,
    double alpha,
    double delta,
    double margin,
    double temperature) {
  static final LossOptions DEFAULTS =
      new LossOptions(
          Defaults.LABEL_SMOOTHING,
          Defaults.POSITIVE_WEIGHT,
          Defaults.FOCAL_GAMMA,
          Defaults.FOCAL_ALPHA,
          Defaults.HUBER_DELTA,
          Defaults.MARGIN,
          Defaults.TEMPERATURE);
}
