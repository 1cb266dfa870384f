package io.lepton.spark.data;

import java.io.Serializable;
import java.util.List;

/**
 * The column to learn.
 *
 * @param column its name
 * @param classes number of classes when the label is a class number from 0; 0 for a number to
 *     regress
 * @param shape empty for one label an example; of dense labels, such as {@code [height, width]}, in
 *     a binary column of uint8 classes or an array column
 */
public record LabelSpec(String column, int classes, List<Integer> shape) implements Serializable {
  public LabelSpec {
    shape = List.copyOf(shape);
    if (classes < 0 || classes == 1) {
      throw new IllegalArgumentException(
          "classes must be 0 (a number to regress) or at least 2, but was: " + classes);
    }
  }

  /** One label an example. */
  public LabelSpec(String column, int classes) {
    this(column, classes, List.of());
  }
}
