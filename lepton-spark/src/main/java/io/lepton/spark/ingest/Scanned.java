package io.lepton.spark.ingest;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;

/**
 * What a task of a scan sends back.
 *
 * @param report of its partition
 * @param home the executor that holds its shards, as Spark names places
 */
record Scanned(ScanReport report, String home) implements Serializable {
  /** This process. */
  static String here() {
    BlockManagerId id = SparkEnv.get().blockManager().blockManagerId();
    return "executor_%s_%s".formatted(id.host(), id.executorId());
  }
}
