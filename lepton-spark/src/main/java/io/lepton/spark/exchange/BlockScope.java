package io.lepton.spark.exchange;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The life of published bytes, on the driver: closing removes what was published under it in every
 * process. Bytes may not change before.
 */
public final class BlockScope implements AutoCloseable {
  private final Broadcast<Boolean> tag;
  private final AtomicInteger holders = new AtomicInteger(1);

  public BlockScope(JavaSparkContext spark) {
    tag = spark.broadcast(true);
  }

  /** By which tasks know it. */
  public long id() {
    return tag.id();
  }

  /** One more must close it, before it is closed. Any thread may. */
  public BlockScope held() {
    holders.incrementAndGet();
    return this;
  }

  /** Has the blocks removed when the last holder closes it, and does not wait for it. */
  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      SharedVector.forget(id());
      tag.destroy();
    }
  }
}
