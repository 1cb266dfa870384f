package io.lepton.spark.ml;

import io.lepton.tf.bundle.BundleManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Bundles for the tests of other packages. */
public final class Bundles {
  private Bundles() {}

  /** A binary classifier of the columns a, b and c. */
  public static String table(SparkSession spark, Path directory) throws IOException {
    return Trained.tableModel(spark, directory);
  }

  /** A copy that has another name, and so is another version. */
  public static Path renamed(Path bundle, Path target, String name) throws IOException {
    try (Stream<Path> files = Files.walk(bundle)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(bundle.relativize(file).toString()));
      }
    }
    Path metadata = target.resolve("metadata.json");
    Files.writeString(
        metadata,
        Files.readString(metadata)
            .replaceFirst("\"name\" : \"[^\"]*\"", "\"name\" : \"" + name + "\""));
    Files.delete(target.resolve("MANIFEST.json"));
    BundleManifest.write(target);
    return target;
  }
}
