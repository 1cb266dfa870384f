package io.lepton.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A file or directory of any Hadoop file system on the local disk, for as long as this is open.
 * What is local already is not copied.
 */
public final class LocalCopy implements AutoCloseable {
  private final Path path;
  private final Path temporary;

  private LocalCopy(Path path, Path temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /**
   * Copies it.
   *
   * @throws FileNotFoundException if there is nothing
   * @throws IOException if it cannot be copied; nothing of it is left then
   */
  public static LocalCopy of(String name, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(name);
    FileSystem files = source.getFileSystem(hadoop);
    if (!files.exists(source)) {
      throw new FileNotFoundException("there is nothing at " + files.makeQualified(source));
    }
    if (files.getUri().getScheme().equals("file")) {
      return new LocalCopy(Path.of(files.makeQualified(source).toUri().getPath()), null);
    }
    Path temporary = Files.createTempDirectory("lepton-copy");
    Path copy = temporary.resolve(source.getName());
    try {
      files.copyToLocalFile(false, source, new org.apache.hadoop.fs.Path(copy.toUri()), true);
      return new LocalCopy(copy, temporary);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Deletes what was copied. */
  @Override
  public void close() throws IOException {
    if (temporary != null) {
      delete(temporary);
    }
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
