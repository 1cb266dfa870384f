package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
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
  private static final Duration REMOVAL = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofNanos(200_000);

  private final SharedSlices slices;
  private final long series;
  private final Change change;

  private SharedVector(SharedSlices slices, long series, Change change) {
    this.slices = slices;
    this.series = series;
    this.change = change;
  }

  /**
   * Publishes a vector of this process, which must not change before the scope is closed.
   *
   * @param series what of it belongs together, one scope after the other
   */
  public static SharedVector publish(BlockScope scope, long series, FlatVector vector) {
    return publish(scope, series, vector, null);
  }

  /**
   * Publishes a vector that processes make themselves of the one before where they have it, and
   * keep for the one after.
   *
   * @param change from the vector before; null if they need not keep any
   */
  public static SharedVector publish(
      BlockScope scope, long series, FlatVector vector, Change change) {
    SharedSlices slices = SharedSlices.publish(scope, "shared", vector);
    SharedVector shared = new SharedVector(slices, series, change);
    vector.hold();
    long bytes =
        change == null || change.base() == Change.NO_BASE ? slices.bytes() : change.bytes();
    new Copy(shared).keep(vector, new Received(bytes, bytes));
    return shared;
  }

  /**
   * The vector, in this process's copy, until the task that asks ends.
   *
   * @throws FetchException if it cannot be had
   */
  public FlatVector value() {
    Copy copy;
    do {
      copy = COPIES.computeIfAbsent(scope(), scope -> new Copy(this));
    } while (!copy.fetched());
    FlatVector vector = copy.vector;
    TaskContext task = TaskContext.get();
    if (task != null) {
      TaskCompletionListener letGo = any -> vector.letGo();
      task.addTaskCompletionListener(letGo);
    }
    return vector;
  }

  /**
   * Bytes that this process fetched for its copy, or on the driver those that another process
   * fetches that has all of the series; none without a copy.
   */
  public Received received() {
    Copy copy = COPIES.get(scope());
    return copy == null ? Received.NOTHING : copy.received;
  }

  /**
   * Bytes that were fetched.
   *
   * @param bytes in all
   * @param fromDriver those of them that the driver sent
   */
  public record Received(long bytes, long fromDriver) implements Serializable {
    public static final Received NOTHING = new Received(0, 0);

    /** Both. */
    public Received and(Received other) {
      return new Received(bytes + other.bytes, fromDriver + other.fromDriver);
    }

    /** What two tasks know of one copy, of which one may know nothing. */
    public Received larger(Received other) {
      return bytes >= other.bytes ? this : other;
    }
  }

  /** Vectors of this process for what tasks make of this one; used again once they are let go. */
  public VectorPool spares() {
    return SeriesVectors.of(series).pool();
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
    return answer(context, scope(), field, slices, owner);
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
    if (SparkEnv.get().blockManager().getStatus(mark(scope())).isEmpty()) {
      Publisher.remove(answer);
      throw new IllegalStateException("nobody waits for " + answer.field() + " any more");
    }
    return answer;
  }

  /** Whose end removes it. */
  public long scope() {
    return slices.origin().scope();
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

  /**
   * Waits until Spark has removed the blocks of a scope that ended. Two threads must not remove a
   * block at once: Spark may fail one of them and leave the block locked. What remains was
   * published after the end, so nobody else removes it.
   */
  private static void awaitRemoval(long scope) {
    long deadline = System.nanoTime() + REMOVAL.toNanos();
    while (Publisher.hasAny(scope)
        && System.nanoTime() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    SparkEnv.get().blockManager().removeBroadcast(scope, true);
  }

  private static final class Copy {
    private final SharedVector shared;
    private final long scope;
    private final AtomicBoolean kept = new AtomicBoolean();
    private volatile FlatVector vector;
    private volatile Received received;

    Copy(SharedVector shared) {
      this.shared = shared;
      this.scope = shared.scope();
    }

    /** Has the vector and holds it, unless it has ended. */
    synchronized boolean fetched() {
      if (vector == null) {
        removeEarlier();
        try {
          fetch();
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

    synchronized void keep(FlatVector fetched, Received bytes) {
      BlockManager store = SparkEnv.get().blockManager();
      if (store.getStatus(mark(scope)).isDefined()) {
        store.removeBlock(mark(scope), false);
      }
      LentBuffer mark = new LentBuffer(ByteBuffer.allocate(1), () -> forget(scope));
      Publisher.put(mark(scope), mark, StorageLevel.MEMORY_AND_DISK_SER());
      vector = fetched;
      received = bytes;
      kept.set(true);
      COPIES.put(scope, this);
    }

    /** Never waits, as the block store calls it with its locks held. */
    void end() {
      if (kept.getAndSet(false)) {
        vector.letGo();
      }
    }

    private void fetch() {
      SeriesVectors series = SeriesVectors.of(shared.series);
      FlatVector result = series.pool().take(shared.slices.bytes() / Float.BYTES);
      FlatVector base = shared.change == null ? null : series.kept(shared.change.base());
      Received bytes = base == null ? whole(result) : changed(base, result);
      if (shared.change != null) {
        series.keep(scope, result);
      }
      keep(result, bytes);
    }

    private Received whole(FlatVector result) {
      return new Received(shared.slices.bytes(), shared.slices.readInto(result));
    }

    private Received changed(FlatVector base, FlatVector result) {
      try {
        return new Received(shared.change.bytes(), shared.change.apply(base, result));
      } finally {
        base.letGo();
      }
    }

    /**
     * What an attempt that outlived its scope may have left, and what is about to be removed, so
     * that its vector is used again now.
     */
    private void removeEarlier() {
      long before = SeriesVectors.of(shared.series).reading(scope);
      if (before < scope) {
        awaitRemoval(before);
      }
      for (Copy copy : COPIES.values()) {
        if (copy.shared.series == shared.series && copy.scope < scope) {
          awaitRemoval(copy.scope);
          forget(copy.scope);
        }
      }
    }
  }
}
