package io.lepton.spark.ingest;

import io.lepton.arrow.AlignedMemory;
import org.apache.arrow.memory.BufferAllocator;

/** The off-heap memory of this process, by purpose. Any thread. */
public final class ExecutorMemory {
  private static final BufferAllocator ROOT = AlignedMemory.root(Long.MAX_VALUE);

  /** Chunks being written. */
  public static final BufferAllocator INGEST = ROOT.newChildAllocator("ingest", 0, Long.MAX_VALUE);

  /** Mapped shards. */
  public static final BufferAllocator SHARDS = ROOT.newChildAllocator("shards", 0, Long.MAX_VALUE);

  /** What steps are fed beside data. */
  public static final BufferAllocator STEPS = ROOT.newChildAllocator("steps", 0, Long.MAX_VALUE);

  /** Rows being scored. */
  public static final BufferAllocator SCORING =
      ROOT.newChildAllocator("scoring", 0, Long.MAX_VALUE);

  private ExecutorMemory() {}
}
