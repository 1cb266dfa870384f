package io.lepton.arrow;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the bytes of examples that were copied on the host, and why. Memory that is lent to
 * TensorFlow in place does not appear here. Any thread may add.
 */
public final class CopyLedger {
  /** Why bytes were copied. */
  public enum Reason {
    /** Out of a scan or a row into memory of a chunk, once per ingest. */
    DECODE,
    /** Chunks to the file of a shard, once per ingest. */
    WRITE,
    /** A shard that was asked for away from where it lies. */
    MOVE,
    /** TensorFlow copied a feed because its address was no multiple of 64. */
    UNALIGNED
  }

  private final Map<Reason, LongAdder> bytes = new EnumMap<>(Reason.class);

  public CopyLedger() {
    for (Reason reason : Reason.values()) {
      bytes.put(reason, new LongAdder());
    }
  }

  /** Adds to a reason. */
  public void add(Reason reason, long count) {
    bytes.get(reason).add(count);
  }

  /** Bytes counted so far, every reason present. */
  public Map<Reason, Long> snapshot() {
    Map<Reason, Long> snapshot = new EnumMap<>(Reason.class);
    bytes.forEach((reason, adder) -> snapshot.put(reason, adder.sum()));
    return snapshot;
  }

  /** Bytes counted so far for all reasons. */
  public long total() {
    return bytes.values().stream().mapToLong(LongAdder::sum).sum();
  }
}
