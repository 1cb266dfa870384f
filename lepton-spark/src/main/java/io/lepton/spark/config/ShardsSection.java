package io.lepton.spark.config;

import io.lepton.spark.ingest.ShardStorage;
import java.util.Optional;

/**
 * Where shards lie.
 *
 * @param directory of every machine's shards, kept for the next run; empty for Spark's local
 *     directory, which goes with the job
 * @param maxBytes of the shards that are kept on a machine
 */
public record ShardsSection(Optional<String> directory, long maxBytes) {
  static ShardsSection read(Settings shards) {
    return new ShardsSection(
        shards.optional("directory", Rule.text()),
        shards.orDefault("max-size", Defaults.MAX_SHARDS, Rule.bytes()));
  }

  ShardStorage storage() {
    return new ShardStorage(directory.orElse(null), maxBytes);
  }
}
