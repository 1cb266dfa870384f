package io.lepton.jobs.config;

import io.lepton.arrow.ElementType;

/** The words for the type of an input. */
enum InputType {
  IMAGE(ElementType.UINT8),
  FLOAT32(ElementType.FLOAT32),
  FLOAT64(ElementType.FLOAT64),
  INT32(ElementType.INT32),
  INT64(ElementType.INT64),
  BOOLEAN(ElementType.BOOL);

  private final ElementType element;

  InputType(ElementType element) {
    this.element = element;
  }

  ElementType element() {
    return element;
  }
}
