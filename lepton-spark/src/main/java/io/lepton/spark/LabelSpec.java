package io.lepton.spark;

import java.io.Serializable;

/**
 * The column to learn.
 *
 * @param column its name
 * @param classes number of classes when the label is a class number from 0; 0 for a number to
 *     regress
 */
public record LabelSpec(String column, int classes) implements Serializable {
  public LabelSpec {
    if (classes < 0 || classes == 1) {
      throw new IllegalArgumentException(
          "classes must be 0 (a number to regress) or at least 2, but was: " + classes);
    }
  }
}
