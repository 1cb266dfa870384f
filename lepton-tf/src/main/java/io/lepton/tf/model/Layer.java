package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * One layer of a chain, as data: its options and the shape rule, no weights.
 *
 * <p>Shapes are those of one example, without the batch dimension; images are {@code [height,
 * width, channels]}.
 */
public sealed interface Layer extends Serializable
    permits Layer.ActivationLayer,
        Layer.Conv2d,
        Layer.Dense,
        Layer.Dropout,
        Layer.Flatten,
        Layer.MaxPooling2d,
        Layer.Rescaling {

  /** The name the layer has in configuration files. */
  String kind();

  /**
   * The shape that comes out when {@code input} goes in.
   *
   * @throws IllegalArgumentException if the layer cannot take that shape
   */
  List<Integer> outputShape(List<Integer> input);

  /** Weights {@code [in, units]} and a bias on the last dimension. */
  record Dense(int units, Activation activation, boolean useBias) implements Layer {
    public Dense {
      requirePositive("units", units);
    }

    @Override
    public String kind() {
      return "dense";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      requireRank(kind(), input, "[features]", 1, "put a flatten before it");
      return List.of(units);
    }
  }

  /** Convolution over {@code [height, width, channels]}; weights {@code [k, k, in, filters]}. */
  record Conv2d(
      int filters,
      int kernelSize,
      int strides,
      Padding padding,
      Activation activation,
      boolean useBias)
      implements Layer {
    public Conv2d {
      requirePositive("filters", filters);
      requirePositive("kernel-size", kernelSize);
      requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "conv2d";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      requireRank(
          kind(), input, "[height, width, channels]", 3, "give the input column such a shape");
      return List.of(
          window(kind(), input, 0, kernelSize, strides, padding),
          window(kind(), input, 1, kernelSize, strides, padding),
          filters);
    }
  }

  /** The largest value of each window. */
  record MaxPooling2d(int poolSize, int strides, Padding padding) implements Layer {
    public MaxPooling2d {
      requirePositive("pool-size", poolSize);
      requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "max-pooling2d";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      requireRank(
          kind(), input, "[height, width, channels]", 3, "give the input column such a shape");
      return List.of(
          window(kind(), input, 0, poolSize, strides, padding),
          window(kind(), input, 1, poolSize, strides, padding),
          input.get(2));
    }
  }

  /** All dimensions into one. */
  record Flatten() implements Layer {
    @Override
    public String kind() {
      return "flatten";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      long width = input.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
      if (width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "flatten takes an input of at most %d elements, but was given %s; pool before it"
                .formatted(Integer.MAX_VALUE, input));
      }
      return List.of((int) width);
    }
  }

  /**
   * Zeroes a share of the elements while training and scales the others up by {@code 1/(1−rate)};
   * nothing otherwise. The mask depends on the seed port and the layer's position only.
   */
  record Dropout(double rate) implements Layer {
    public Dropout {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("rate must be in [0, 1), but was: " + rate);
      }
    }

    @Override
    public String kind() {
      return "dropout";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      return input;
    }
  }

  /** {@code x·scale + offset}. */
  record Rescaling(double scale, double offset) implements Layer {
    public Rescaling {
      if (!Double.isFinite(scale) || !Double.isFinite(offset)) {
        throw new IllegalArgumentException(
            "scale and offset must be finite, but were: %s and %s".formatted(scale, offset));
      }
    }

    @Override
    public String kind() {
      return "rescaling";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      return input;
    }
  }

  /** An activation on its own. */
  record ActivationLayer(Activation function) implements Layer {
    @Override
    public String kind() {
      return "activation";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      return input;
    }
  }

  private static void requirePositive(String option, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }

  private static void requireRank(
      String kind, List<Integer> input, String shape, int rank, String mend) {
    if (input.size() != rank) {
      throw new IllegalArgumentException(
          "%s takes an input of shape %s, but was given %s; %s"
              .formatted(kind, shape, input, mend));
    }
  }

  private static int window(
      String kind, List<Integer> input, int axis, int size, int strides, Padding padding) {
    int length = input.get(axis);
    if (padding == Padding.SAME) {
      return (length + strides - 1) / strides;
    }
    if (length < size) {
      throw new IllegalArgumentException(
          "%s takes an input of at least [%d, %d, channels], but was given %s; use a smaller window or padding = same"
              .formatted(kind, size, size, input));
    }
    return (length - size) / strides + 1;
  }
}
