package io.lepton.spark.predict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What became of the batches so far. One thread at a time. */
final class StreamTally {
  private final LatencyTally sinceArrival = new LatencyTally();
  private final LatencyTally sinceEvent = new LatencyTally();
  private final LatencyTally sinceBegin = new LatencyTally();
  private final Map<String, Long> rowsByVersion = new LinkedHashMap<>();
  private PredictionReport all = PredictionReport.NOTHING;
  private long batches;
  private long loads;
  private double longestWait;

  /**
   * Adds a batch.
   *
   * @param arrivals rows by milliseconds from their arrival to the begin of the batch
   * @param events the same from their event times
   * @param millis from that begin until the rows were published
   */
  void add(BatchReport batch, Map<Long, Long> arrivals, Map<Long, Long> events, long millis) {
    all = all.plus(batch.rows());
    batches++;
    rowsByVersion.merge(batch.version(), batch.rows().rows(), Long::sum);
    loads += batch.loads();
    longestWait = Math.max(longestWait, batch.waited());
    arrivals.forEach((age, rows) -> sinceArrival.add(age + millis, rows));
    events.forEach((age, rows) -> sinceEvent.add(age + millis, rows));
    sinceBegin.add(millis, batch.rows().rows());
  }

  StreamReport report(int swaps, boolean hasEvents, boolean stopped) {
    return new StreamReport(
        all,
        batches,
        new LinkedHashMap<>(rowsByVersion),
        new StreamReport.Models(swaps, loads, longestWait),
        sinceArrival.percentiles(),
        hasEvents ? Optional.of(sinceEvent.percentiles()) : Optional.empty(),
        sinceBegin.percentiles(),
        stopped);
  }
}
