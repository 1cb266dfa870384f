package io.lepton.tf.model;

import java.util.List;

/** A layer that gives an image a border of zeros, or takes its border away. */
public sealed interface BorderLayer extends Layer {
  int top();

  int bottom();

  int left();

  int right();

  /** Zeros around an image. */
  record ZeroPadding2d(int top, int bottom, int left, int right) implements BorderLayer {
    public ZeroPadding2d {
      requireNotNegative("padding", top, bottom, left, right);
    }

    @Override
    public String kind() {
      return "zero-padding2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = Shapes.image(kind(), inputs.get(0));
      long height = (long) input.get(0) + top + bottom;
      long width = (long) input.get(1) + left + right;
      if (Math.max(height, width) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s gives at most %d rows and columns, but was given %s; use less padding"
                .formatted(kind(), Integer.MAX_VALUE, input));
      }
      return List.of((int) height, (int) width, input.get(2));
    }
  }

  /** An image without its border. */
  record Cropping2d(int top, int bottom, int left, int right) implements BorderLayer {
    public Cropping2d {
      requireNotNegative("cropping", top, bottom, left, right);
    }

    @Override
    public String kind() {
      return "cropping2d";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = Shapes.image(kind(), inputs.get(0));
      long height = (long) input.get(0) - top - bottom;
      long width = (long) input.get(1) - left - right;
      if (Math.min(height, width) < 1) {
        throw new IllegalArgumentException(
            "%s leaves at least one pixel, but was given %s to take %d rows and %d columns from; crop less"
                .formatted(kind(), input, (long) top + bottom, (long) left + right));
      }
      return List.of((int) height, (int) width, input.get(2));
    }
  }

  private static void requireNotNegative(String option, int... values) {
    for (int value : values) {
      if (value < 0) {
        throw new IllegalArgumentException(option + " must not be negative, but was: " + value);
      }
    }
  }
}
