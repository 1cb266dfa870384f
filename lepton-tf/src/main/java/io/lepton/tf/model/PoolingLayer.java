package io.lepton.tf.model;

import java.util.List;

/** A layer without weights that makes an image or a sequence smaller, or larger again. */
public sealed interface PoolingLayer extends Layer {
  /** The largest value of each window. */
  record MaxPooling2d(int poolSize, int strides, Padding padding) implements PoolingLayer {
    public MaxPooling2d {
      Shapes.requirePositive("pool-size", poolSize);
      Shapes.requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "max-pooling2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return windows(kind(), inputs.get(0), poolSize, strides, padding);
    }
  }

  /** The mean of each window, of what of it lies inside the image. */
  record AveragePooling2d(int poolSize, int strides, Padding padding) implements PoolingLayer {
    public AveragePooling2d {
      Shapes.requirePositive("pool-size", poolSize);
      Shapes.requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "average-pooling2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return windows(kind(), inputs.get(0), poolSize, strides, padding);
    }
  }

  /** The largest value of each window of a sequence. */
  record MaxPooling1d(int poolSize, int strides, Padding padding) implements PoolingLayer {
    public MaxPooling1d {
      Shapes.requirePositive("pool-size", poolSize);
      Shapes.requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "max-pooling1d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return steps(kind(), inputs.get(0), poolSize, strides, padding);
    }
  }

  /** The mean of each window of a sequence, of what of it lies inside. */
  record AveragePooling1d(int poolSize, int strides, Padding padding) implements PoolingLayer {
    public AveragePooling1d {
      Shapes.requirePositive("pool-size", poolSize);
      Shapes.requirePositive("strides", strides);
    }

    @Override
    public String kind() {
      return "average-pooling1d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return steps(kind(), inputs.get(0), poolSize, strides, padding);
    }
  }

  /** The largest value of each channel of an image. */
  record GlobalMaxPooling2d() implements PoolingLayer {
    @Override
    public String kind() {
      return "global-max-pooling2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return List.of(Shapes.last(Shapes.image(kind(), inputs.get(0))));
    }
  }

  /** The mean of an image: {@code [height, width, channels]} to {@code [channels]}. */
  record GlobalAveragePooling2d() implements PoolingLayer {
    @Override
    public String kind() {
      return "global-average-pooling2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return List.of(Shapes.last(Shapes.image(kind(), inputs.get(0))));
    }
  }

  /**
   * The mean of a sequence: {@code [steps, channels]} to {@code [channels]}.
   *
   * <p>A second input is a mask {@code [steps]} of 0 and 1; then only steps of 1 count, and where
   * there are none the mean is 0.
   */
  record GlobalAveragePooling1d() implements PoolingLayer {
    @Override
    public String kind() {
      return "global-average-pooling1d";
    }

    @Override
    public Arity arity() {
      return new Arity(1, 2);
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return List.of(Shapes.last(Shapes.maskedSequence(kind(), inputs)));
    }
  }

  /**
   * The largest value of each channel: {@code [steps, channels]} to {@code [channels]}.
   *
   * <p>A second input is a mask {@code [steps]} of 0 and 1; then only steps of 1 count, and where
   * there are none it is 0.
   */
  record GlobalMaxPooling1d() implements PoolingLayer {
    @Override
    public String kind() {
      return "global-max-pooling1d";
    }

    @Override
    public Arity arity() {
      return new Arity(1, 2);
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return List.of(Shapes.last(Shapes.maskedSequence(kind(), inputs)));
    }
  }

  /** {@code size} pixels for each one in both directions. */
  record UpSampling2d(int size, Interpolation interpolation) implements PoolingLayer {
    public UpSampling2d {
      Shapes.requirePositive("size", size);
    }

    /** Each pixel repeated. */
    public UpSampling2d(int size) {
      this(size, Interpolation.NEAREST);
    }

    @Override
    public String kind() {
      return "up-sampling2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = Shapes.image(kind(), inputs.get(0));
      long longest = (long) Math.max(input.get(0), input.get(1)) * size;
      if (longest > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s gives at most %d rows and columns, but was given %s; use a smaller size"
                .formatted(kind(), Integer.MAX_VALUE, input));
      }
      return List.of(input.get(0) * size, input.get(1) * size, input.get(2));
    }
  }

  /** What lies between pixels. */
  enum Interpolation {
    /** The pixel that is nearest. */
    NEAREST,
    /** A mean of the four around, by how near their centres are. */
    BILINEAR
  }

  private static List<Integer> steps(
      String kind, List<Integer> input, int size, int strides, Padding padding) {
    Shapes.sequence(kind, input);
    return List.of(Shapes.window(kind, input, 0, size, strides, padding), input.get(1));
  }

  private static List<Integer> windows(
      String kind, List<Integer> input, int size, int strides, Padding padding) {
    Shapes.image(kind, input);
    return List.of(
        Shapes.window(kind, input, 0, size, strides, padding),
        Shapes.window(kind, input, 1, size, strides, padding),
        input.get(2));
  }
}
