package io.lepton.spark.predict;

import java.util.Map;

/**
 * What became of a stream, by this run.
 *
 * @param all rows
 * @param batches that were published
 * @param rowsByVersion rows that were read while a version was current, in order of first use
 * @param swaps of the model
 * @param latency seconds from the begin of a batch until its rows are published, by percentile of
 *     rows
 * @param stopped whether it was asked to end; else there was nothing more to do
 */
public record StreamReport(
    PredictionReport all,
    long batches,
    Map<String, Long> rowsByVersion,
    int swaps,
    Map<String, Double> latency,
    boolean stopped) {}
