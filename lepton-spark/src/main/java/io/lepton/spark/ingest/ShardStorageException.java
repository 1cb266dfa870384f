package io.lepton.spark.ingest;

import java.io.IOException;
import java.nio.file.Path;

/** A shard could not be written, say because the disk is full. Nothing half-written is left. */
public final class ShardStorageException extends RuntimeException {
  ShardStorageException(Path directory, IOException cause) {
    super(
        "shards need space in %s, but: %s; free some, or set shards.directory to another place"
            .formatted(directory, cause.getMessage()),
        cause);
  }
}
