package io.lepton.spark.data;

import java.io.Serializable;
import java.util.List;

/**
 * Something to learn: a column, or an input of the model itself, as it is prepared.
 *
 * @param name of the label, which its metrics and outputs are called by where there are several
 * @param column its column; empty if an input is to be reconstructed
 * @param input the input to reconstruct; empty if there is a column
 * @param classes number of classes when the label is a class number from 0; 0 for a number to
 *     regress
 * @param shape empty for one label an example; of dense labels, such as {@code [height, width]}, in
 *     a binary column of uint8 classes or an array column
 */
public record LabelSpec(String name, String column, String input, int classes, List<Integer> shape)
    implements Serializable {
  /** The name of a label that is the only one. */
  public static final String ONLY = "label";

  public LabelSpec {
    shape = List.copyOf(shape);
    if (classes < 0 || classes == 1) {
      throw new IllegalArgumentException(
          "classes must be 0 (a number to regress) or at least 2, but was: " + classes);
    }
    if (column.isEmpty() == input.isEmpty()) {
      throw new IllegalArgumentException(
          "a label must have a column or an input, but had: '%s' and '%s'"
              .formatted(column, input));
    }
  }

  /** The only label, one an example. */
  public static LabelSpec of(String column, int classes) {
    return dense(column, classes, List.of());
  }

  /** The only label, of a shape. */
  public static LabelSpec dense(String column, int classes, List<Integer> shape) {
    return new LabelSpec(ONLY, column, "", classes, shape);
  }

  /** An input to reconstruct, and nothing else to learn. */
  public static LabelSpec reconstruction(String input) {
    return new LabelSpec(ONLY, "", input, 0, List.of());
  }

  /** Whether it takes a column of its own. */
  public boolean hasColumn() {
    return !column.isEmpty();
  }
}
