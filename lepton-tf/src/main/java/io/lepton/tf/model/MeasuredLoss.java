package io.lepton.tf.model;

import java.util.List;

/** Against float32 labels, of outputs of their shape, {@code [1]} for a scalar. */
public sealed interface MeasuredLoss extends Loss
    permits Loss.SquaredError,
        MeasuredLoss.AbsoluteError,
        MeasuredLoss.Huber,
        MeasuredLoss.LogCosh,
        MeasuredLoss.Poisson {

  @Override
  default List<String> means() {
    return List.of("mae", "mse");
  }

  @Override
  default List<List<Integer>> outputShapes(List<Integer> label) {
    return List.of(label.isEmpty() ? List.of(1) : List.copyOf(label));
  }

  @Override
  default int classes() {
    return 0;
  }

  /** Absolute difference. */
  record AbsoluteError() implements MeasuredLoss {
    @Override
    public String title() {
      return "absolute error";
    }
  }

  /** {@code e²/2} up to a difference of {@code delta}, {@code delta·(|e| − delta/2)} beyond. */
  record Huber(double delta) implements MeasuredLoss {
    public Huber {
      ClassLoss.requirePositive("delta", delta);
    }

    @Override
    public String title() {
      return "Huber";
    }
  }

  /** {@code log cosh e}. */
  record LogCosh() implements MeasuredLoss {
    @Override
    public String title() {
      return "log-cosh";
    }
  }

  /**
   * {@code exp x − y·x}: of counts {@code y}, whose rate is {@code exp x}. Predictions, and what
   * metrics measure, are rates.
   */
  record Poisson() implements MeasuredLoss {
    @Override
    public String title() {
      return "Poisson";
    }
  }
}
