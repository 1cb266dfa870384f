package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.util.Optional;

/** What an input is, as far as its type and the shape of an example tell. */
enum InputKind {
  /** Three dimensions, of any type. */
  IMAGE("an image, of shape [height, width, channels]"),
  /** One dimension of float32 or float64. */
  TABLE("a table, float of shape [features]"),
  /** One dimension of int32. */
  TEXT("a text, int32 tokens of shape [length]");

  private final String description;

  InputKind(String description) {
    this.description = description;
  }

  static Optional<InputKind> of(ColumnSpec input) {
    if (input.shape().size() == 3) {
      return Optional.of(IMAGE);
    }
    if (input.shape().size() != 1) {
      return Optional.empty();
    }
    return switch (input.type()) {
      case FLOAT32, FLOAT64 -> Optional.of(TABLE);
      case INT32 -> Optional.of(TEXT);
      case INT64, UINT8, BOOL -> Optional.empty();
    };
  }

  /** The kind an augmentation takes. */
  static InputKind of(Augmentation augmentation) {
    if (augmentation instanceof Augmentation.GaussianNoise
        || augmentation instanceof Augmentation.FeatureDropout) {
      return TABLE;
    }
    return augmentation instanceof Augmentation.WordDropout
            || augmentation instanceof Augmentation.WordSwap
        ? TEXT
        : IMAGE;
  }

  String description() {
    return description;
  }
}
