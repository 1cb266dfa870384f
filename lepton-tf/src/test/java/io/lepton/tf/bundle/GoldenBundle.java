package io.lepton.tf.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The bundle among the test's resources, and what TensorFlow's Python gives for some rows. */
final class GoldenBundle {
  static final float NAN = Float.NaN;
  static final float[][] ROWS = {
    {1.5f, .25f, 3, .5f},
    {-2, .75f, 9, 1},
    {NAN, .5f, 6, 2.5f},
    {4.25f, NAN, NAN, .125f},
    {2, .5f, 5, 1}
  };
  static final float[] LOGITS = {
    0.033604927f, 0.058425143f, -0.32347372f,
    -0.34800974f, 0.066385254f, -0.50618196f,
    -0.11645377f, 0.22867209f, -0.17950575f,
    -0.100016564f, 0.2311423f, -0.16910142f,
    -0.17475414f, 0.1979102f, -0.18701614f
  };
  static final float[] PROBABILITIES = {
    0.3669929f, 0.37621573f, 0.25679135f,
    0.29698643f, 0.4494755f, 0.25353807f,
    0.29841283f, 0.42140895f, 0.28017825f,
    0.30067694f, 0.418717f, 0.28060603f,
    0.29074755f, 0.42204827f, 0.28720418f
  };

  private GoldenBundle() {}

  /** Where it lies; not to be changed. */
  static Path directory() {
    try {
      return Path.of(GoldenBundle.class.getResource("/bundles/format-1").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy to damage. */
  static Path copy(Path to) throws IOException {
    for (String file : files()) {
      Path copy = to.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(directory().resolve(file), copy);
    }
    return to;
  }

  /** The paths of its files. */
  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
