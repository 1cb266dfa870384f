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
  /** The directory in this process. */
  Path path() {
    return configured == null
        ? Path.of(SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].getPath())
            .resolve("lepton-shards")
        : Path.of(configured);
  }

  /**
   * A path for a new shard.
   *
   * @throws ShardStorageException if there cannot be one
   */
  Path newShard() {
    Path directory = path();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new ShardStorageException(directory, e);
    }
    return directory.resolve("shard-" + UUID.randomUUID() + ".arrow");
  }
}
