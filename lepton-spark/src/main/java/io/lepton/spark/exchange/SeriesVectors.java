package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;

/**
 * Vectors of this process that a series uses again and again, and the one that its next may be a
 * {@link Change} of, until the broadcast of the series' number is destroyed. Any thread.
 */
final class SeriesVectors {
  /** One that TensorFlow may still hold while the next comes, and one that was sent. */
  private static final int SPARES = 2;

  private static final Map<Long, SeriesVectors> ALL = new ConcurrentHashMap<>();

  private final VectorPool pool = new VectorPool(SPARES);
  private long read = Change.NO_BASE;
  private long scope = Change.NO_BASE;
  private FlatVector last;
  private boolean ended;

  private SeriesVectors() {}

  static SeriesVectors of(long series) {
    SeriesVectors vectors = ALL.get(series);
    if (vectors != null) {
      return vectors;
    }
    SeriesVectors made = new SeriesVectors();
    SeriesVectors other = ALL.putIfAbsent(series, made);
    if (other != null) {
      return other;
    }
    LentBuffer mark = new LentBuffer(ByteBuffer.allocate(1), () -> end(series, made));
    BroadcastBlockId block = new BroadcastBlockId(series, "vectors");
    if (!Publisher.put(block, mark, StorageLevel.MEMORY_ONLY_SER())) {
      mark.dispose();
    }
    return made;
  }

  /** Vectors that are used again. */
  VectorPool pool() {
    return pool;
  }

  /** A scope is read now; the one before it, or {@link Change#NO_BASE}. */
  synchronized long reading(long scope) {
    long before = read;
    read = scope;
    return before;
  }

  /** Keeps the vector of a scope, though that ends, until one of a later scope is kept. */
  synchronized void keep(long scope, FlatVector vector) {
    if (!ended && scope > this.scope && vector.hold()) {
      letGo();
      this.scope = scope;
      last = vector;
    }
  }

  /** The vector kept of a scope, which the caller then holds; null if it is not here. */
  synchronized FlatVector kept(long scope) {
    return last != null && scope == this.scope && last.hold() ? last : null;
  }

  private synchronized void end() {
    ended = true;
    letGo();
    pool.close();
  }

  private void letGo() {
    if (last != null) {
      last.letGo();
      last = null;
    }
  }

  private static void end(long series, SeriesVectors vectors) {
    ALL.remove(series, vectors);
    vectors.end();
  }
}
