package io.lepton.tf.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a directory that claims to be a bundle, read within limits and never through links.
 */
record BundleFiles(Path directory, BundleLimits limits) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static BundleFiles in(Path directory, BundleLimits limits) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new BundleException(
          "a bundle must be a directory, but %s is %s"
              .formatted(directory, Files.exists(directory) ? "a file" : "not there"));
    }
    return new BundleFiles(directory.toRealPath(), limits);
  }

  BundleException refuse(String rule) {
    return new BundleException("bundle %s: %s".formatted(directory, rule));
  }

  BundleException refuse(String rule, Throwable cause) {
    return new BundleException("bundle %s: %s".formatted(directory, rule), cause);
  }

  /** The regular files by their path, with {@code /} between names. */
  Map<String, Path> list() throws IOException {
    Map<String, Path> files = new TreeMap<>();
    long[] bytes = new long[1];
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = directory.relativize(file).toString().replace('\\', '/');
            if (!attributes.isRegularFile()) {
              throw refuse("it must hold plain files only, no links, but this is none: " + name);
            }
            bytes[0] += attributes.size();
            files.put(name, file);
            if (files.size() > limits.files() || bytes[0] > limits.bytes()) {
              throw refuse(
                  "it must have at most %d files of %d bytes together, but has more"
                      .formatted(limits.files(), limits.bytes()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  JsonNode json(String name) throws IOException {
    byte[] text = read(name, limits.textBytes());
    try {
      JsonNode node = JSON.readTree(text);
      if (node == null || !node.isObject()) {
        throw refuse(name + " must be a JSON object, but is not");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw refuse("%s must be JSON, but: %s".formatted(name, e.getOriginalMessage()), e);
    }
  }

  byte[] read(String name, long most) throws IOException {
    Path file = directory.resolve(name);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw refuse("it must hold plain files only, no links, but this is none: " + name);
      }
      if (attributes.size() > most) {
        throw refuse(
            "%s must have at most %d bytes, but has %d".formatted(name, most, attributes.size()));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw refuse("there must be a %s, but there is none; it is no bundle".formatted(name), e);
    }
  }
}
