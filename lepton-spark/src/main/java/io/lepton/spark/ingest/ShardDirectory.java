package io.lepton.spark.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.SparkEnv;

/** Where a process keeps its shards. */
final class ShardDirectory {
  private ShardDirectory() {}

  /**
   * A path for a new shard.
   *
   * @param configured the directory to use, or null for Spark's local one, which goes with the
   *     application
   */
  static Path newShard(String configured) {
    Path directory =
        configured == null
            ? Path.of(SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].getPath())
                .resolve("lepton-shards")
            : Path.of(configured);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("shards cannot be kept in " + directory, e);
    }
    return directory.resolve("shard-" + UUID.randomUUID() + ".arrow");
  }
}
