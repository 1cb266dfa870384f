package io.lepton.spark.ingest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskFailureListener;

/**
 * Shards on their way from a task to the block store. The store owns them once it has taken the
 * last; if the task fails before that, they are closed.
 */
final class Handover implements Iterator<Shard> {
  private final List<Shard> shards = new ArrayList<>();
  private int taken;
  private boolean over;

  Handover(TaskContext context) {
    TaskFailureListener failure = (task, error) -> closeUnlessOver();
    context.addTaskFailureListener(failure);
  }

  /** Adds a shard, which this owns from now on. */
  void add(Shard shard) {
    shards.add(shard);
  }

  /** All shards added so far. */
  List<Shard> all() {
    return List.copyOf(shards);
  }

  @Override
  public boolean hasNext() {
    over = taken == shards.size();
    return !over;
  }

  @Override
  public Shard next() {
    return shards.get(taken++);
  }

  private void closeUnlessOver() {
    if (!over) {
      shards.forEach(Shard::close);
    }
  }
}
