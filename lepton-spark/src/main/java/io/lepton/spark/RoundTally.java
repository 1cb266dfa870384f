package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import java.util.EnumMap;
import java.util.Map;

/** What rounds and evaluations add up to. Any thread. */
final class RoundTally {
  private final Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
  private int rounds;
  private int before;
  private long examples;
  private long bytesSent;
  private long steadyExamples;
  private double steadySeconds;
  private double firstRate;

  /** Goes on after rounds of another process. */
  synchronized void resume(int roundsBefore, long examplesBefore) {
    rounds = roundsBefore;
    before = roundsBefore;
    examples = examplesBefore;
  }

  /** Adds a round. */
  synchronized void round(long seen, long bytes, double seconds) {
    rounds++;
    examples += seen;
    bytesSent += bytes;
    if (rounds - before == 1) {
      firstRate = seen / seconds;
    } else {
      steadyExamples += seen;
      steadySeconds += seconds;
    }
  }

  /** Adds bytes copied by a task. */
  synchronized void copied(Map<CopyLedger.Reason, Long> more) {
    more.forEach((reason, bytes) -> copied.merge(reason, bytes, Long::sum));
  }

  synchronized int rounds() {
    return rounds;
  }

  synchronized long examples() {
    return examples;
  }

  /** Of the rounds of this process. */
  synchronized long bytesSentPerRound() {
    return rounds == before ? 0 : bytesSent / (rounds - before);
  }

  /** Examples a second over all rounds but the first, or of the first if there is no other. */
  synchronized double examplesPerSecond() {
    return steadySeconds == 0 ? firstRate : steadyExamples / steadySeconds;
  }

  /** Bytes copied so far, by reason. */
  synchronized Map<CopyLedger.Reason, Long> copied() {
    return Map.copyOf(copied);
  }

  synchronized long copiedTotal() {
    return copied.values().stream().mapToLong(Long::longValue).sum();
  }
}
