package io.lepton.spark.ingest;

import java.io.Serializable;
import org.apache.spark.SparkEnv;

/**
 * What a task of a scan sends back.
 *
 * @param report of its partition
 * @param home the executor that holds its shards, as Spark names places
 */
record Scanned(ScanReport report, String home) implements Serializable {
  /** This process. */
  static String here() {
    return Executors.place(SparkEnv.get().blockManager().blockManagerId());
  }
}
