package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopyTest {
  private static final Configuration HADOOP = new Configuration();

  static {
    HADOOP.setClass("fs.far.impl", FarFileSystem.class, FarFileSystem.class);
  }

  @TempDir private Path directory;

  /** A file system that is not known to be local. */
  public static final class FarFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("far:///");
    }
  }

  @Test
  void aDirectoryOfAnotherFileSystemIsCopiedAndDeleted() throws IOException {
    Files.createDirectories(directory.resolve("model/variables"));
    Files.writeString(directory.resolve("model/variables/index"), "content");
    Path copied;
    try (LocalCopy copy = LocalCopy.of("far://" + directory.resolve("model"), HADOOP)) {
      copied = copy.path();
      assertThat(copied).isNotEqualTo(directory.resolve("model"));
      assertThat(copied.resolve("variables/index")).hasContent("content");
    }
    assertThat(copied.getParent()).doesNotExist();
    assertThat(directory.resolve("model/variables/index")).exists();
  }

  @Test
  void whatIsLocalIsTakenWhereItIsAndStays() throws IOException {
    Path file = Files.writeString(directory.resolve("model.keras"), "content");
    try (LocalCopy copy = LocalCopy.of(file.toString(), HADOOP)) {
      assertThat(copy.path()).isEqualTo(file);
    }
    assertThat(file).exists();
  }

  @Test
  void whereNothingIsItSaysSo() {
    assertThatThrownBy(() -> LocalCopy.of(directory.resolve("gone").toString(), HADOOP))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there is nothing at file:" + directory.resolve("gone"));
  }
}
