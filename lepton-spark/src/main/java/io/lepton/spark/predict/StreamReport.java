package io.lepton.spark.predict;

import java.util.Map;
import java.util.Optional;

/**
 * What became of a stream, by this run.
 *
 * @param all rows
 * @param batches that were published
 * @param rowsByVersion rows that were read while a version was current, in order of first use
 * @param models that were taken and waited for
 * @param sinceArrival from when a row's file was written, or its record came to Kafka, until the
 *     row is published
 * @param sinceEvent from a row's event time until it is published; empty without such a column
 * @param sinceBegin from the begin of a row's batch until it is published
 * @param stopped whether it was asked to end; else there was nothing more to do
 */
public record StreamReport(
    PredictionReport all,
    long batches,
    Map<String, Long> rowsByVersion,
    Models models,
    Percentiles sinceArrival,
    Optional<Percentiles> sinceEvent,
    Percentiles sinceBegin,
    boolean stopped) {

  /**
   * How the alias moved.
   *
   * @param swaps how often another model was taken
   * @param loads of models by executors
   * @param longestWait seconds that a model held up a batch, at most
   */
  public record Models(int swaps, long loads, double longestWait) {}
}
