package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * What a weight's values are before the first step. Every value is a function of (seed, name of the
 * weight, position in it) alone, so the same on any machine.
 */
public sealed interface Initializer extends Serializable {
  Initializer ZEROS = new Constant(0);
  Initializer ONES = new Constant(1);

  /** Glorot and Bengio's (AISTATS 2010). */
  Initializer GLOROT_UNIFORM = new Scaled(1, Fan.AVERAGE, Distribution.UNIFORM);

  Initializer GLOROT_NORMAL = new Scaled(1, Fan.AVERAGE, Distribution.TRUNCATED_NORMAL);

  /** He's (ICCV 2015). */
  Initializer HE_UNIFORM = new Scaled(2, Fan.IN, Distribution.UNIFORM);

  Initializer HE_NORMAL = new Scaled(2, Fan.IN, Distribution.TRUNCATED_NORMAL);

  /** LeCun's (Neural Networks: Tricks of the Trade, 1998). */
  Initializer LECUN_UNIFORM = new Scaled(1, Fan.IN, Distribution.UNIFORM);

  Initializer LECUN_NORMAL = new Scaled(1, Fan.IN, Distribution.TRUNCATED_NORMAL);

  /** The same everywhere. */
  record Constant(double value) implements Initializer {
    public Constant {
      Numbers.requireFinite("value", value);
    }
  }

  /** 1 where an LSTM's bias {@code [4·units]} decides what is not forgotten, else 0. */
  record ForgetBias(int units) implements Initializer {}

  /** Uniform in {@code [minval, maxval)}. */
  record Uniform(double minval, double maxval) implements Initializer {
    public Uniform {
      Numbers.requireFinite("minval", minval);
      Numbers.requireFinite("maxval", maxval);
      if (minval > maxval) {
        throw new IllegalArgumentException(
            "minval must not be above maxval, but they were: %s and %s".formatted(minval, maxval));
      }
    }
  }

  /** Gaussian. */
  record Normal(double mean, double stddev) implements Initializer {
    public Normal {
      Numbers.requireFinite("mean", mean);
      Numbers.requireNotNegative("stddev", stddev);
    }
  }

  /** Gaussian, drawn again where a value is two deviations or more from the mean. */
  record TruncatedNormal(double mean, double stddev) implements Initializer {
    public TruncatedNormal {
      Numbers.requireFinite("mean", mean);
      Numbers.requireNotNegative("stddev", stddev);
    }
  }

  /** Of mean 0 and variance {@code scale/fan}. */
  record Scaled(double scale, Fan fan, Distribution distribution) implements Initializer {
    public Scaled {
      Numbers.requireNotNegative("scale", scale);
    }
  }

  /**
   * A matrix with orthonormal rows or columns, whichever are fewer, times {@code gain} (Saxe, ICLR
   * 2014); all dimensions but the last are the rows.
   */
  record Orthogonal(double gain) implements Initializer {
    public Orthogonal {
      Numbers.requireFinite("gain", gain);
    }
  }

  /** A number of connections. */
  enum Fan {
    IN,
    OUT,
    AVERAGE;

    /** That of a weight whose last two dimensions are in and out, the others a receptive field. */
    double of(List<Integer> shape) {
      int rank = shape.size();
      double field =
          shape.stream()
              .limit(Math.max(0, rank - 2))
              .mapToDouble(d -> d)
              .reduce(1, (a, b) -> a * b);
      double out = rank == 0 ? 1 : field * shape.get(rank - 1);
      double in = rank < 2 ? out : field * shape.get(rank - 2);
      return switch (this) {
        case IN -> in;
        case OUT -> out;
        case AVERAGE -> (in + out) / 2;
      };
    }
  }

  /** How values lie around 0. */
  enum Distribution {
    UNIFORM,
    TRUNCATED_NORMAL
  }
}
