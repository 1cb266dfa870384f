package io.lepton.tf.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What is in the zip.
 *
 * @param config the model's class and options, and those of its layers
 * @param weights an HDF5 file
 */
record KerasArchive(JsonNode config, ByteBuffer weights) {
  private static final String SAVE = "save the model by model.save('….keras') of Keras 3";

  /**
   * Reads a file.
   *
   * @throws IOException if there is none, or it cannot be read
   * @throws KerasFileException if it is not what Keras 3 writes
   */
  static KerasArchive read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      JsonNode metadata = json(file, zip, "metadata.json");
      String version = metadata.path("keras_version").asText();
      if (!version.startsWith("3.")) {
        throw refuse(file, "keras_version must be 3.x, but was: " + version, null);
      }
      return new KerasArchive(
          json(file, zip, "config.json"), ByteBuffer.wrap(bytes(file, zip, "model.weights.h5")));
    } catch (ZipException e) {
      throw refuse(file, "must be a zip, but was none (%s)".formatted(e.getMessage()), e);
    }
  }

  private static JsonNode json(Path file, ZipFile zip, String name) throws IOException {
    try {
      return new ObjectMapper().readTree(bytes(file, zip, name));
    } catch (JsonProcessingException e) {
      throw refuse(file, name + " must be JSON, but was not: " + e.getOriginalMessage(), e);
    }
  }

  private static byte[] bytes(Path file, ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw refuse(file, "must contain %s, but does not".formatted(name), null);
    }
    return zip.getInputStream(entry).readAllBytes();
  }

  private static KerasFileException refuse(Path file, String rule, Throwable cause) {
    return new KerasFileException(file, rule + "; " + SAVE, cause);
  }
}
