package io.lepton.spark.ml;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A directory whose files are the same ones under other names, which stay when the others are
 * deleted; copies of them where a disk has no links or is another one.
 */
final class LinkedCopy {
  private LinkedCopy() {}

  /** Fills a directory, which is there and empty; the files of both must not be written to. */
  static void of(Path source, Path target) throws IOException {
    try (Stream<Path> found = Files.walk(source)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        copy(file, copy);
      }
    }
  }

  private static void copy(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.copy(file, copy);
    }
  }
}
