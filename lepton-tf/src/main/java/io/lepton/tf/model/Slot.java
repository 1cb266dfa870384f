package io.lepton.tf.model;

import java.util.List;

/**
 * A variable that is kept between steps but is no part of the model.
 *
 * @param name unique within the program
 * @param initial value of all its elements before the first step
 */
record Slot(String name, List<Integer> shape, double initial) {
  /** One of a weight's shape, at first 0. */
  static Slot beside(Weight weight, String name) {
    return beside(weight, name, 0);
  }

  static Slot beside(Weight weight, String name, double initial) {
    return new Slot(weight.name() + "/" + name, weight.shape(), initial);
  }

  /** Number of elements. */
  double size() {
    return shape.stream().mapToDouble(d -> d).reduce(1, (a, b) -> a * b);
  }
}
