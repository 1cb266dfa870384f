package io.lepton.spark.exchange;

import io.lepton.arrow.VectorPool;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;

/**
 * Vectors of this process that a series uses again and again, until the broadcast of the series'
 * number is destroyed. Any thread.
 */
final class SeriesVectors {
  /** One that TensorFlow may still hold while the next comes, and one that was sent. */
  private static final int SPARES = 2;

  private static final Map<Long, VectorPool> POOLS = new ConcurrentHashMap<>();

  private SeriesVectors() {}

  static VectorPool of(long series) {
    VectorPool pool = POOLS.get(series);
    if (pool != null) {
      return pool;
    }
    VectorPool made = new VectorPool(SPARES);
    VectorPool other = POOLS.putIfAbsent(series, made);
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

  private static void end(long series, VectorPool pool) {
    POOLS.remove(series, pool);
    pool.close();
  }
}
