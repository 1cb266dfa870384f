package io.lepton.spark.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskFailureListener;

/**
 * What a task publishes slice by slice, so that it need not hold all of it: a slice that finds no
 * storage memory is on disk when it is added. It is removed with its scope, or if the task fails
 * after all. One thread.
 */
public final class Publication implements AutoCloseable {
  private final long scope;
  private final String field;
  private final BroadcastBlockId mark;
  private final List<Integer> sizes = new ArrayList<>();
  private boolean complete;

  /**
   * One without slices.
   *
   * @param scope whose end removes it
   * @param field what to call it; the attempt's number is added
   */
  public Publication(TaskContext context, long scope, String field) {
    this.scope = scope;
    this.field = field + "_a" + context.taskAttemptId();
    this.mark = new BroadcastBlockId(scope, this.field + "_mark");
    LentBuffer one = new LentBuffer(ByteBuffer.allocate(1), () -> {});
    Publisher.put(mark, one, StorageLevel.MEMORY_AND_DISK_SER());
    TaskFailureListener remove = (any, failure) -> Publisher.remove(address());
    context.addTaskFailureListener(remove);
  }

  /**
   * Publishes the next slice, whose memory the garbage collector owns and nobody writes to any
   * more.
   *
   * @throws IllegalStateException if Spark does not take it
   */
  public void add(ByteBuffer slice) {
    BroadcastBlockId block = Address.block(scope, field, sizes.size());
    sizes.add(slice.remaining());
    if (!Publisher.put(block, slice, null)) {
      throw new IllegalStateException("Spark must take blocks, but refused " + block);
    }
  }

  /**
   * Where all of it is, which stays there.
   *
   * @throws IllegalStateException if the scope has ended
   */
  public Address published() {
    if (SparkEnv.get().blockManager().getStatus(mark).isEmpty()) {
      throw new IllegalStateException("nobody waits for " + field + " any more");
    }
    complete = true;
    return address();
  }

  /** Removes it unless it has been {@link #published}. */
  @Override
  public void close() {
    if (SparkEnv.get().blockManager().getStatus(mark).isDefined()) {
      SparkEnv.get().blockManager().removeBlock(mark, false);
    }
    if (!complete) {
      Publisher.remove(address());
    }
  }

  private Address address() {
    return Publisher.here(scope, field, sizes);
  }
}
