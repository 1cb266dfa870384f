package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rules of shapes that several layers share. */
final class Shapes {
  static final String IMAGE = "[height, width, channels]";
  static final String SEQUENCE = "[steps, channels]";

  private static final String GIVE_COLUMN = "give the input column such a shape";

  private Shapes() {}

  static void requirePositive(String option, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }

  static List<Integer> image(String kind, List<Integer> input) {
    return require(kind, input, IMAGE, 3, GIVE_COLUMN);
  }

  static List<Integer> sequence(String kind, List<Integer> input) {
    return require(kind, input, SEQUENCE, 2, GIVE_COLUMN);
  }

  /** The sequence among inputs, behind which may come its mask. */
  static List<Integer> maskedSequence(String kind, List<List<Integer>> inputs) {
    List<Integer> input = sequence(kind, inputs.get(0));
    if (inputs.size() == 2 && !inputs.get(1).equals(input.subList(0, 1))) {
      throw new IllegalArgumentException(
          "%s takes a mask of shape %s, but was given %s; name the sequence first, then its mask"
              .formatted(kind, input.subList(0, 1), inputs.get(1)));
    }
    return input;
  }

  /** The input, if it has as many dimensions as it must. */
  static List<Integer> require(
      String kind, List<Integer> input, String shape, int rank, String mend) {
    if (input.size() != rank) {
      throw new IllegalArgumentException(
          "%s takes an input of shape %s, but was given %s; %s"
              .formatted(kind, shape, input, mend));
    }
    return input;
  }

  /** How many windows fit along one dimension of {@code [sizes…, channels]}. */
  static int window(
      String kind, List<Integer> input, int axis, int size, int strides, Padding padding) {
    int length = input.get(axis);
    if (padding == Padding.SAME) {
      return (length + strides - 1) / strides;
    }
    if (length < size) {
      throw new IllegalArgumentException(
          "%s takes an input of at least [%s, channels], but was given %s; use a smaller window or padding = same"
              .formatted(
                  kind,
                  String.join(", ", Collections.nCopies(input.size() - 1, String.valueOf(size))),
                  input));
    }
    return (length - size) / strides + 1;
  }

  /** Number of elements. */
  static long elements(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  static int last(List<Integer> shape) {
    return shape.get(shape.size() - 1);
  }

  /** The shape with one more dimension at its end. */
  static List<Integer> append(List<Integer> shape, int dimension) {
    List<Integer> longer = new ArrayList<>(shape);
    longer.add(dimension);
    return List.copyOf(longer);
  }

  /** The shape with another last dimension. */
  static List<Integer> withLast(List<Integer> shape, int dimension) {
    return append(shape.subList(0, shape.size() - 1), dimension);
  }
}
