package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelAliasTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path directory;

  private Path first;
  private Path second;

  @BeforeEach
  void makeBundles() throws IOException {
    first = Files.createDirectories(directory.resolve("models/first")).toRealPath();
    second = Files.createDirectories(directory.resolve("models/second")).toRealPath();
  }

  @Test
  void aFileNamesABundleFromItsDirectoryOrFromTheRoot() throws IOException {
    Path file = directory.resolve("models/champion");
    ModelAlias alias = new ModelAlias(file.toString());

    alias.move("first", HADOOP);
    assertThat(alias.bundle(HADOOP)).isEqualTo("file:" + file.resolveSibling("first"));
    alias.move(second.toString(), HADOOP);
    assertThat(alias.bundle(HADOOP)).endsWith(second.toString());
    assertThat(file).content().isEqualTo(second + "\n");
    try (var files = Files.list(file.getParent())) {
      assertThat(files.filter(it -> it.getFileName().toString().contains("champion")))
          .containsExactly(file);
    }
  }

  @Test
  void aFileOfChecksumsThatIsOlderThanTheAliasDoesNotMatter() throws IOException {
    Path file = directory.resolve("champion");
    FileSystem.get(file.toUri(), HADOOP)
        .create(new org.apache.hadoop.fs.Path(file.toUri()))
        .close();
    Path next = Files.writeString(directory.resolve("next"), first + "\n");
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(directory.resolve(".champion.crc")).exists();

    assertThat(new ModelAlias(file.toString()).bundle(HADOOP)).endsWith(first.toString());
  }

  @Test
  void aLinkAndABundleNameThemselves() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("current"), first);

    assertThat(new ModelAlias(link.toString()).bundle(HADOOP)).isEqualTo(first.toString());
    assertThat(new ModelAlias(second.toString()).bundle(HADOOP)).isEqualTo(second.toString());
    Files.delete(link);
    Files.createSymbolicLink(link, second);
    assertThat(new ModelAlias(link.toString()).bundle(HADOOP)).isEqualTo(second.toString());
  }

  @Test
  void whatNamesNothingIsRefused() throws IOException {
    refused(directory.resolve("nobody"), "there is nothing at ");
    refused(Files.writeString(directory.resolve("empty"), " \n"), "holds ''");
    refused(Files.writeString(directory.resolve("gone"), "third\n"), "where nothing is");
    refused(Files.writeString(directory.resolve("many"), "a\nb\n"), "holds 'a'");
    refused(Files.write(directory.resolve("large"), new byte[5000]), "has 5000 bytes");
  }

  private static void refused(Path path, String found) {
    assertThatThrownBy(() -> new ModelAlias(path.toString()).bundle(HADOOP))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("a file with the path of one, but ")
        .hasMessageContaining(found);
  }
}
