package io.lepton.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/** Spark jobs whose results are taken one by one as they arrive. */
public final class Jobs {
  private Jobs() {}

  /** What a task does with its partition. */
  @FunctionalInterface
  public interface Task<T, R> extends Serializable {
    R run(TaskContext context, Iterator<T> partition);
  }

  /**
   * Runs a task on some partitions and waits for all of them.
   *
   * @param take gets each result once, with its place in {@code partitions}; one call at a time, on
   *     a thread of Spark's, in the order of arrival
   */
  public static <T, R> void run(
      JavaRDD<T> rdd, List<Integer> partitions, Task<T, R> task, BiConsumer<Integer, R> take) {
    Function2<TaskContext, scala.collection.Iterator<T>, R> function = new Function<>(task);
    Function2<Object, R, BoxedUnit> handler = new Handler<>(take);
    ClassTag<R> any = anyClass();
    rdd.context()
        .runJob(
            rdd.rdd(),
            function,
            CollectionConverters.asScala(List.<Object>copyOf(partitions)).toSeq(),
            handler,
            any);
  }

  @SuppressWarnings("unchecked")
  private static <R> ClassTag<R> anyClass() {
    return (ClassTag<R>) ClassTag.Any();
  }

  private static final class Function<T, R>
      extends scala.runtime.AbstractFunction2<TaskContext, scala.collection.Iterator<T>, R>
      implements Serializable {
    private final Task<T, R> task;

    Function(Task<T, R> task) {
      this.task = task;
    }

    @Override
    public R apply(TaskContext context, scala.collection.Iterator<T> partition) {
      return task.run(context, CollectionConverters.asJava(partition));
    }
  }

  private static final class Handler<R>
      extends scala.runtime.AbstractFunction2<Object, R, BoxedUnit> {
    private final BiConsumer<Integer, R> take;

    Handler(BiConsumer<Integer, R> take) {
      this.take = take;
    }

    @Override
    public BoxedUnit apply(Object index, R result) {
      take.accept((Integer) index, result);
      return BoxedUnit.UNIT;
    }
  }
}
