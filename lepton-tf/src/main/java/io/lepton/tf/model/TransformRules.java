package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;

/** What must hold of transforms and the columns they prepare. */
final class TransformRules {
  private TransformRules() {}

  /**
   * The shape that transforms make of a column's.
   *
   * @throws IllegalArgumentException for the first that does not fit
   */
  static List<Integer> outputShape(ColumnSpec column, List<Transform> transforms) {
    List<Integer> shape = column.shape();
    for (int i = 0; i < transforms.size(); i++) {
      Transform transform = transforms.get(i);
      if (i > 0 && (transform instanceof Transform.Fill || transform instanceof Transform.OneHot)) {
        throw new IllegalArgumentException(
            "%s must come first, but came after %s; move it to the front"
                .formatted(transform.kind(), transforms.get(i - 1).kind()));
      }
      if (transform instanceof Transform.OneHot && !isInteger(column.type())) {
        throw new IllegalArgumentException(
            "one-hot takes integers, but was given %s; store the column as int32"
                .formatted(column.type()));
      }
      shape = transform.outputShape(shape);
    }
    return shape;
  }

  static boolean isInteger(ElementType type) {
    return type == ElementType.UINT8 || type == ElementType.INT32 || type == ElementType.INT64;
  }

  /** Number of positions along the last dimension. */
  static int positions(List<Integer> shape) {
    return shape.isEmpty() ? 1 : Shapes.last(shape);
  }

  static List<Double> finite(String name, List<Double> values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "%s must be finite, but one was: %s".formatted(name, value));
      }
    }
    return List.copyOf(values);
  }

  static void requireValues(String kind, String name, int count, List<Integer> input) {
    int positions = positions(input);
    if (count != 1 && count != positions) {
      throw new IllegalArgumentException(
          "%s takes 1 or %d %s for a column of shape %s, but was given %d; give one for each position"
              .formatted(kind, positions, name, input, count));
    }
  }

  static void requireElements(String kind, List<Integer> elements, List<Integer> input) {
    int positions = positions(input);
    boolean outside = elements.stream().anyMatch(element -> element < 0 || element >= positions);
    if (outside || elements.isEmpty() || elements.stream().distinct().count() < elements.size()) {
      throw new IllegalArgumentException(
          "%s takes different elements from 0 to %d, at least one, but was given %s; name positions along the last dimension of %s"
              .formatted(kind, positions - 1, elements, input));
    }
  }
}
