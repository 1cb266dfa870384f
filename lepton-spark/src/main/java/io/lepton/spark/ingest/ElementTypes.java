package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import java.util.Locale;

/** Element types in words of the configuration. */
final class ElementTypes {
  private ElementTypes() {}

  static boolean isReal(ElementType type) {
    return type == ElementType.FLOAT32 || type == ElementType.FLOAT64;
  }

  static String word(ElementType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
