package io.lepton.tf.keras;

import java.nio.file.Path;
import java.util.List;

/**
 * A {@code .keras} file that is damaged, or whose model Lepton has not all layers or options of.
 */
public final class KerasFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  KerasFileException(Path file, String message, Throwable cause) {
    super("%s: %s".formatted(file, message), cause);
  }

  KerasFileException(Path file, List<String> problems) {
    super(
        "%s: its layers and their options must be ones that Lepton has, but: %s; replace them in Keras, or export the model as a SavedModel and train that"
            .formatted(file, String.join("; ", problems)));
  }
}
