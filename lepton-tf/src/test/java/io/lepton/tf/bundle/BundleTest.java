package io.lepton.tf.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  @TempDir private Path temporary;

  private Path directory;

  @BeforeEach
  void copy() throws IOException {
    directory = GoldenBundle.copy(temporary.resolve("bundle")).toRealPath();
  }

  @Test
  void aBundleOfTheFirstFormatTellsWhatItTakesAndGives() throws IOException {
    Bundle bundle = Bundle.open(directory);

    assertThat(bundle.name()).isEqualTo("golden");
    assertThat(bundle.format()).isEqualTo(1);
    assertThat(bundle.inputs()).hasToString("[ColumnSpec[name=x, type=FLOAT32, shape=[4]]]");
    assertThat(bundle.outputs())
        .extracting(ModelOutput::name)
        .containsExactly("logits", "probabilities");
    assertThat(bundle.outputs()).allMatch(output -> !output.oneLogit() && output.logits() == 3);
    assertThat(bundle.preprocessing()).contains("\"column_types\"");
    assertThat(bundle.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void aNewerFormatIsRefusedByNumber() throws IOException {
    edit("metadata.json", "\"format\" : 1", "\"format\" : 2");
    BundleManifest.write(directory);

    assertRefused(
        "its format must be at most 1 for this version of Lepton, but is 2; score it with a newer version");
  }

  @Test
  void aForeignDirectoryIsRefused() throws IOException {
    edit("metadata.json", "\"format\" : 1", "\"shape\" : 1");
    assertRefused(
        "metadata.json must have a format from 1 on, but has: nothing; it is not a bundle of Lepton");
    Files.delete(directory.resolve("metadata.json"));
    assertRefused("there must be a metadata.json, but there is none; it is no bundle");
    assertThatThrownBy(() -> Bundle.open(temporary.resolve("nowhere")))
        .isInstanceOf(BundleException.class)
        .hasMessageEndingWith("nowhere is not there");
  }

  @Test
  void aChangedFileIsRefusedByName() throws IOException {
    edit("provenance.json", "0.1.0", "0.1.1");

    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(BundleException.class)
        .hasMessageMatching(
            "(?s)bundle .*: provenance.json must have the SHA-256 \\w{64}, but has \\w{64}; copy the bundle again");
  }

  @Test
  void filesBesideTheManifestAndThoseThatAreMissingAreRefused() throws IOException {
    Files.writeString(directory.resolve("model/stray"), "left by somebody");
    assertRefused("files must be in its manifest, but this is not: model/stray");

    Files.delete(directory.resolve("model/stray"));
    Files.delete(directory.resolve("provenance.json"));
    assertRefused("a file of its manifest is missing: provenance.json");
  }

  @Test
  void pathsThatLeaveTheBundleAreRefused() throws IOException {
    for (String path :
        new String[] {"../secret", "/etc/passwd", "model/../../secret", "./a", "a//b", "a\\\\b"}) {
      Files.writeString(
          directory.resolve("MANIFEST.json"),
          "{\"sha256\": {\"%s\": \"%s\"}}".formatted(path, "0".repeat(64)));

      assertRefused(
          "paths of its manifest must stay inside, but one was: " + path.replace("\\\\", "\\"));
    }
  }

  @Test
  void linksAreRefusedWhereverTheyPoint() throws IOException {
    Path outside = Files.writeString(temporary.resolve("outside"), "{}");
    Files.delete(directory.resolve("provenance.json"));
    Files.createSymbolicLink(directory.resolve("provenance.json"), outside);
    assertRefused("it must hold plain files only, no links, but this is none: provenance.json");

    Files.delete(directory.resolve("provenance.json"));
    Files.createSymbolicLink(directory.resolve("more"), temporary);
    assertRefused("it must hold plain files only, no links, but this is none: more");

    Files.delete(directory.resolve("more"));
    Files.move(directory.resolve("metadata.json"), temporary.resolve("metadata.json"));
    Files.createSymbolicLink(
        directory.resolve("metadata.json"), temporary.resolve("metadata.json"));
    assertRefused("it must hold plain files only, no links, but this is none: metadata.json");
  }

  @Test
  void whatIsTooLargeIsRefused() {
    assertThatThrownBy(() -> Bundle.open(directory, new BundleLimits(3, 1 << 20, 1 << 20)))
        .isInstanceOf(BundleException.class)
        .hasMessageEndingWith(
            "it must have at most 3 files of 1048576 bytes together, but has more");
    assertThatThrownBy(() -> Bundle.open(directory, new BundleLimits(100, 1 << 20, 1000)))
        .isInstanceOf(BundleException.class)
        .hasMessageEndingWith(
            "it must have at most 100 files of 1000 bytes together, but has more");
    assertThatThrownBy(() -> Bundle.open(directory, new BundleLimits(100, 100, 1 << 20)))
        .isInstanceOf(BundleException.class)
        .hasMessageEndingWith("metadata.json must have at most 100 bytes, but has 728");
  }

  private void edit(String file, String old, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.writeString(path, Files.readString(path).replace(old, text));
  }

  private void assertRefused(String rule) {
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(BundleException.class)
        .hasMessage("bundle %s: %s".formatted(directory, rule));
  }
}
