package io.lepton.spark.exchange;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The life of published bytes, on the driver: closing removes what was published under it in every
 * process. Bytes may not change before.
 */
public final class BlockScope implements AutoCloseable {
  private final Broadcast<Boolean> tag;

  public BlockScope(JavaSparkContext spark) {
    tag = spark.broadcast(true);
  }

  /** By which tasks know it. */
  public long id() {
    return tag.id();
  }

  /** Has the blocks removed and does not wait for it. */
  @Override
  public void close() {
    SharedVector.forget(id());
    tag.destroy();
  }
}
