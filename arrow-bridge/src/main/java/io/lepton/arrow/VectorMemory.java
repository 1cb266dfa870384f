package io.lepton.arrow;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * Counts the native memory of vectors, together with the JVM's own direct buffers, against the
 * JVM's limit of direct memory. As the JVM does for its own, it has garbage collected before it
 * refuses. Any thread.
 */
final class VectorMemory {
  private static final VectorMemory OF_PROCESS = new VectorMemory(limit());

  private static final int COLLECTIONS = 4;
  private static final long FIRST_WAIT_MILLIS = 50;

  private final long limit;
  private long used;

  VectorMemory(long limit) {
    this.limit = limit;
  }

  /** That of this process. */
  static VectorMemory ofProcess() {
    return OF_PROCESS;
  }

  /**
   * Takes bytes until they are {@link #free}.
   *
   * @throws OutOfMemoryError if the limit does not allow it, though garbage was collected
   */
  synchronized void reserve(long bytes) {
    for (int collections = 0; !fits(bytes); collections++) {
      if (collections == COLLECTIONS || bytes > limit) {
        throw new OutOfMemoryError(
            "vectors and direct buffers must stay within the JVM's limit of direct memory of %d bytes, but a vector of %d came to %d; give the process a larger heap or -XX:MaxDirectMemorySize"
                .formatted(limit, bytes, used + direct()));
      }
      System.gc();
      await(bytes, FIRST_WAIT_MILLIS << collections);
    }
    used += bytes;
  }

  synchronized void free(long bytes) {
    used -= bytes;
    notifyAll();
  }

  /** Bytes that are taken. */
  synchronized long used() {
    return used;
  }

  private boolean fits(long bytes) {
    return bytes <= limit - used - direct();
  }

  private void await(long bytes, long millis) {
    long deadline = System.nanoTime() + millis * 1_000_000;
    try {
      for (long left = millis; left > 0 && !fits(bytes); ) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long direct() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return pool.getMemoryUsed();
      }
    }
    return 0;
  }

  /** What the JVM was told, or else what it takes itself. */
  private static long limit() {
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long told =
        hotSpot == null ? 0 : Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
    return told > 0 ? told : Runtime.getRuntime().maxMemory();
  }
}
