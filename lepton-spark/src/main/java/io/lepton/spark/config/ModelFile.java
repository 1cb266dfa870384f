package io.lepton.spark.config;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.LocalCopy;
import io.lepton.tf.keras.KerasFileException;
import io.lepton.tf.savedmodel.ImportException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens what a setting names, and makes a problem of what cannot be read. */
final class ModelFile {
  private ModelFile() {}

  /** Reads what lies at a path. */
  interface Reader<P, T> {
    T read(P path) throws IOException;
  }

  /** What is read of a local copy of any Hadoop path; empty after a problem. */
  static <T> Optional<T> read(Settings settings, String key, Reader<Path, T> reader) {
    return open(
        settings,
        key,
        name -> {
          try (LocalCopy copy = LocalCopy.of(name, HadoopSettings.current())) {
            return reader.read(copy.path());
          }
        });
  }

  /** What is read; empty after a problem. */
  static <T> Optional<T> open(Settings settings, String key, Reader<String, T> reader) {
    String name = settings.required(key, Rule.text());
    if (!settings.noneWrong(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(name));
    } catch (FileNotFoundException e) {
      settings.refuse(
          key, "must name a model that exists, but " + e.getMessage(), "correct the path");
    } catch (IOException e) {
      settings.refuse(
          key, "must name a model that can be read, but: " + e.getMessage(), "write it again");
    } catch (ImportException | KerasFileException e) {
      refuse(settings, key, e.getMessage());
    }
    return Optional.empty();
  }

  /** Its mend stands behind the last semicolon. */
  private static void refuse(Settings settings, String key, String message) {
    int mend = message.lastIndexOf("; ");
    if (mend < 0) {
      settings.refuse(key, message, "save or export the model again");
    } else {
      settings.refuse(key, message.substring(0, mend), message.substring(mend + 2));
    }
  }
}
