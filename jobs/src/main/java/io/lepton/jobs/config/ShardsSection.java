package io.lepton.jobs.config;

import java.util.Optional;

/**
 * Where shards lie.
 *
 * @param directory of each executor's shards; empty for Spark's local directory
 */
public record ShardsSection(Optional<String> directory) {
  static ShardsSection read(Settings shards) {
    return new ShardsSection(shards.optional("directory", Rule.text()));
  }
}
