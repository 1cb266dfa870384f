package io.lepton.jobs;

import io.lepton.spark.LeptonSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;

/** Real data sets out of {@code ../shared/data}. */
final class RealData {
  private static final Path DATA = Path.of("..", "..", "shared", "data");

  private RealData() {}

  /** A session of two cores to train on them; the test is skipped where they are missing. */
  static SparkSession spark() {
    Assumptions.assumeTrue(
        Files.isDirectory(DATA), "real data sets must lie in shared/data beside the project");
    return LeptonSpark.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate();
  }

  /** Where a file of a data set is. */
  static String path(String name, String file) {
    return DATA.resolve(name).resolve(file).toAbsolutePath().normalize().toString();
  }

  /** The override of a configuration that makes a setting a file of a data set. */
  static String set(String setting, String name, String file) {
    return "%s=\"%s\"".formatted(setting, DATA.resolve(name).resolve(file));
  }
}
