package io.lepton.spark.config;

import io.lepton.tf.keras.KerasFile;
import io.lepton.tf.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a model that Keras saved as a {@code .keras} file. */
final class KerasSection {
  private KerasSection() {}

  static ModelSection read(Settings keras) {
    return ModelFile.read(keras, "path", KerasFile::read)
        .map(KerasSection::section)
        .orElseGet(() -> ModelSection.of(ModelChoice.KERAS, List.of()));
  }

  private static ModelSection section(KerasFile file) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%d layers and %d weights are those of the .keras file"
            .formatted(file.layers().size(), file.weights().size()));
    if (!file.frozen().isEmpty()) {
      notes.add("not trainable and kept as saved: " + String.join(", ", file.frozen()));
    }
    return new ModelSection(
        ModelChoice.KERAS,
        file.layers(),
        file.logits().layers(),
        file.inputs().stream()
            .map(input -> Source.stored(input.name(), input.type(), Optional.of(input.shape())))
            .toList(),
        file.weights(),
        file.frozen(),
        Optional.empty(),
        notes);
  }
}
