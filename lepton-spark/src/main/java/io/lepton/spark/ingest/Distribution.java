package io.lepton.spark.ingest;

import io.lepton.spark.data.Filling;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import java.io.Serializable;

/** How the numbers that are there are distributed, as far as their options want to know. */
final class Distribution implements Serializable {
  private final NumberOptions options;
  private final Moments raw = new Moments();
  private final Moments prepared = new Moments();
  private final QuantileSketch quantiles;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  Distribution(NumberOptions options) {
    this.options = options;
    boolean wanted =
        options.normalization() == Normalization.ROBUST
            || (isFilled(options) && options.filling() == Filling.MEDIAN);
    this.quantiles = wanted ? new QuantileSketch() : null;
  }

  /** Whether options depend on the data. */
  static boolean isWanted(NumberOptions options) {
    return options.normalization() != Normalization.NONE
        || (isFilled(options) && options.filling() != Filling.CONSTANT);
  }

  /** Whether something takes the place of missing values. */
  static boolean isFilled(NumberOptions options) {
    return options.missing() == Missing.FILL || options.missing() == Missing.MASK;
  }

  void add(double value) {
    raw.add(value);
    if (options.normalization() == Normalization.STANDARD) {
      prepared.add(prepare(value));
    }
    if (quantiles != null) {
      quantiles.add(value);
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  void merge(Distribution other) {
    raw.merge(other.raw);
    prepared.merge(other.prepared);
    if (quantiles != null) {
      quantiles.merge(other.quantiles);
    }
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  boolean isEmpty() {
    return raw.count() == 0;
  }

  /** What it comes to; there must have been numbers. */
  PositionFit fit() {
    return switch (options.normalization()) {
      case NONE -> fit(0, 1);
      case STANDARD -> fit(prepared.mean(), prepared.deviation());
      case MIN_MAX -> fit(prepare(min), prepare(max) - prepare(min));
      case ROBUST -> fit(quantile(0.5), quantile(0.75) - quantile(0.25));
    };
  }

  private PositionFit fit(double center, double scale) {
    double fill =
        switch (isFilled(options) ? options.filling() : Filling.CONSTANT) {
          case CONSTANT -> options.constant();
          case MEAN -> raw.mean();
          case MEDIAN -> quantiles.quantile(0.5);
        };
    return new PositionFit(fill, center, scale < Float.MIN_NORMAL ? 1 : scale);
  }

  // Clipping and the logarithm keep the order, so quantiles may be prepared afterwards.
  private double quantile(double share) {
    return prepare(quantiles.quantile(share));
  }

  private double prepare(double value) {
    double clipped = Math.min(Math.max(value, options.low()), options.high());
    return options.log() ? Math.log1p(Math.max(0, clipped)) : clipped;
  }
}
