package io.lepton.spark.config;

import io.lepton.arrow.ElementType;
import java.util.Optional;

/** The words for the type of an input: what its columns hold. */
enum InputType {
  /** Numbers of float32, or of float64 if a column is a timestamp. */
  NUMBERS(null),
  FLOAT32(ElementType.FLOAT32),
  FLOAT64(ElementType.FLOAT64),
  INT32(ElementType.INT32),
  INT64(ElementType.INT64),
  UINT8(ElementType.UINT8),
  BOOLEAN(ElementType.BOOL),
  IMAGE(ElementType.UINT8),
  SEQUENCE(null),
  CATEGORIES(ElementType.INT32),
  TEXT(ElementType.INT32);

  private final ElementType element;

  InputType(ElementType element) {
    this.element = element;
  }

  /** The type of a stored element, where the word says it. */
  Optional<ElementType> element() {
    return Optional.ofNullable(element);
  }
}
