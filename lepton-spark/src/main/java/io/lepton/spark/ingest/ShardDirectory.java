package io.lepton.spark.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.SparkEnv;

/**
 * Where processes keep their shards.
 *
 * @param configured the directory to use, or null for Spark's local one, which goes with the
 *     application
 */
record ShardDirectory(String configured) implements Serializable {
  /**
   * A directory of this process alone.
   *
   * @throws ShardStorageException if there cannot be one
   */
  Path path() {
    return configured == null ? sparks() : ProcessDirectory.in(Path.of(configured));
  }

  /** What to tell the user of: the directory that was configured, or Spark's. */
  Path place() {
    return configured == null ? sparks() : Path.of(configured);
  }

  /**
   * A path for a new shard.
   *
   * @throws ShardStorageException if there cannot be one
   */
  Path newShard() {
    return path().resolve("shard-" + UUID.randomUUID() + ".arrow");
  }

  private static Path sparks() {
    Path path =
        Path.of(SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].getPath())
            .resolve("lepton-shards");
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new ShardStorageException(path, e);
    }
  }
}
