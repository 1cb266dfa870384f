package io.lepton.spark.config;

import io.lepton.arrow.ElementType;

/** The words for the type of stored numbers. */
enum NumberWord {
  FLOAT32(ElementType.FLOAT32),
  FLOAT64(ElementType.FLOAT64),
  INT32(ElementType.INT32),
  INT64(ElementType.INT64);

  private final ElementType element;

  NumberWord(ElementType element) {
    this.element = element;
  }

  ElementType element() {
    return element;
  }
}
