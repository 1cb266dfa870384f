package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.TaskFailureListener;

/**
 * A vector of the driver that tasks read. Each process fetches it once and keeps one copy for all
 * its tasks until the scope ends, or one of the same series with a later scope is read. Nobody may
 * write to it. Any thread.
 */
public final class SharedVector implements Serializable {
  private static final Map<Long, Copy> COPIES = new ConcurrentHashMap<>();

  private final Address address;
  private final long series;

  private SharedVector(Address address, long series) {
    this.address = address;
    this.series = series;
  }

  /**
   * Publishes a vector of this process, which must not change before the scope is closed.
   *
   * @param series what of it belongs together, one scope after the other
   */
  public static SharedVector publish(BlockScope scope, long series, FlatVector vector) {
    Address address =
        Publisher.publish(
            scope.id(), "shared", Publisher.cut(vector.bytes(), Publisher.SLICE), vector);
    vector.hold();
    new Copy(address.scope(), series).keep(vector);
    return new SharedVector(address, series);
  }

  /**
   * The vector, in this process's copy, until the task that asks ends.
   *
   * @throws FetchException if it cannot be had
   */
  public FlatVector value() {
    Copy copy;
    do {
      copy = COPIES.computeIfAbsent(address.scope(), scope -> new Copy(scope, series));
    } while (!copy.fetched(address));
    FlatVector vector = copy.vector;
    TaskContext task = TaskContext.get();
    if (task != null) {
      TaskCompletionListener letGo = any -> vector.letGo();
      task.addTaskCompletionListener(letGo);
    }
    return vector;
  }

  /** Vectors of this process for what tasks make of this one; used again once they are let go. */
  public VectorPool spares() {
    return SeriesVectors.of(series);
  }

  /** Publishes slices whose memory the garbage collector owns. */
  public Address answer(TaskContext context, String field, List<ByteBuffer> slices) {
    return answer(context, field, slices, null);
  }

  /**
   * Publishes what a task made of the vector until the scope ends, or the task fails after all.
   *
   * @param field what to call it; the attempt's number is added
   * @param slices nobody writes to any more
   * @param owner of their memory, held as long as they are published; null if the garbage collector
   *     owns them
   * @throws IllegalStateException if the scope has ended
   */
  public Address answer(
      TaskContext context, String field, List<ByteBuffer> slices, FlatVector owner) {
    return answer(context, address.scope(), field, slices, owner);
  }

  /**
   * The same under another scope, which must end later.
   *
   * @param scope whose end removes it
   */
  public Address answer(
      TaskContext context, long scope, String field, List<ByteBuffer> slices, FlatVector owner) {
    Address answer =
        Publisher.publish(scope, field + "_a" + context.taskAttemptId(), slices, owner);
    TaskFailureListener remove = (any, failure) -> Publisher.remove(answer);
    context.addTaskFailureListener(remove);
    if (SparkEnv.get().blockManager().getStatus(mark(address.scope())).isEmpty()) {
      Publisher.remove(answer);
      throw new IllegalStateException("nobody waits for " + answer.field() + " any more");
    }
    return answer;
  }

  /** Whose end removes it. */
  long scope() {
    return address.scope();
  }

  static void forget(long scope) {
    Copy copy = COPIES.remove(scope);
    if (copy != null) {
      copy.end();
    }
  }

  /** Copies this process has. */
  static int copies() {
    return COPIES.size();
  }

  /** A block whose removal tells the end of a scope. */
  private static BroadcastBlockId mark(long scope) {
    return new BroadcastBlockId(scope, "mark");
  }

  private static final class Copy {
    private final long scope;
    private final long series;
    private volatile FlatVector vector;
    private final AtomicBoolean kept = new AtomicBoolean();

    Copy(long scope, long series) {
      this.scope = scope;
      this.series = series;
    }

    /** Has the vector and holds it, unless it has ended. */
    synchronized boolean fetched(Address address) {
      if (vector == null) {
        removeEarlier();
        try {
          keep(fetch(address));
        } finally {
          if (vector == null) {
            forget(scope);
          }
        }
      }
      if (vector.hold()) {
        if (kept.get()) {
          return true;
        }
        vector.letGo();
      }
      return false;
    }

    synchronized void keep(FlatVector fetched) {
      BlockManager store = SparkEnv.get().blockManager();
      if (store.getStatus(mark(scope)).isDefined()) {
        store.removeBlock(mark(scope), false);
      }
      LentBuffer mark = new LentBuffer(ByteBuffer.allocate(1), () -> forget(scope));
      Publisher.put(mark(scope), mark, StorageLevel.MEMORY_AND_DISK_SER());
      vector = fetched;
      kept.set(true);
      COPIES.put(scope, this);
    }

    /** Never waits, as the block store calls it with its locks held. */
    void end() {
      if (kept.getAndSet(false)) {
        vector.letGo();
      }
    }

    private FlatVector fetch(Address address) {
      FlatVector vector = SeriesVectors.of(series).take(address.bytes() / Float.BYTES);
      SliceStream.read(address, vector.bytes());
      return vector;
    }

    /** What an attempt that outlived its scope may have left. */
    private void removeEarlier() {
      BlockManager store = SparkEnv.get().blockManager();
      for (Copy copy : COPIES.values()) {
        if (copy.series == series && copy.scope < scope) {
          store.removeBroadcast(copy.scope, false);
          forget(copy.scope);
        }
      }
    }
  }
}
