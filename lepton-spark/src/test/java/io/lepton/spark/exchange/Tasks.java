package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.Deadline;
import io.lepton.spark.Jobs;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Tasks without data of their own, and what they leave. */
public final class Tasks {
  private Tasks() {}

  /** Runs as many tasks and returns their results in order. */
  public static <R> List<R> run(JavaSparkContext spark, int tasks, Jobs.Task<Integer, R> task) {
    List<Integer> partitions = IntStream.range(0, tasks).boxed().toList();
    JavaRDD<Integer> rdd = spark.parallelize(partitions, tasks);
    TreeMap<Integer, R> results = new TreeMap<>();
    Jobs.run(rdd, partitions, task, results::put);
    return List.copyOf(results.values());
  }

  /** Blocks of a scope, in all processes. */
  static int blocks(long scope) {
    return blocks(block -> block.broadcastId() == scope);
  }

  private static int blocks(Which which) {
    return SparkEnv.get()
        .blockManager()
        .master()
        .getMatchingBlockIds(new Filter(which), true)
        .size();
  }

  /** Blocks of all exchanges, in all processes. */
  public static int blocks() {
    return blocks(block -> block.field().endsWith("mark") || block.field().matches(".+_s\\d+"));
  }

  public static void awaitNoBlocks(long scope) {
    Deadline.await(Duration.ofSeconds(10), "blocks removed", () -> blocks(scope) == 0);
  }

  /** A vector as it is, cut as parameters are. */
  static List<ByteBuffer> slices(FlatVector vector) {
    return Publisher.cut(vector, Publisher.SLICE);
  }

  /** Every element is another number. */
  static FlatVector vector(int size, int seed) {
    FlatVector vector = FlatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      vector.set(i, Float.intBitsToFloat(i * 0x9e3779b9 + seed));
    }
    return vector;
  }

  /** What an address leads to. */
  static FlatVector fetched(Address address) {
    FlatVector vector = FlatVector.allocate(address.bytes() / Float.BYTES);
    SliceStream.read(address, vector);
    return vector;
  }

  /** Executors that have registered. */
  public static List<String> executors() {
    return CollectionConverters.asJava(SparkEnv.get().blockManager().master().getMemoryStatus())
        .keySet()
        .stream()
        .map(BlockManagerId::executorId)
        .filter(id -> !id.equals("driver"))
        .toList();
  }

  /** The process of an executor, asked of a task that runs there. */
  public static long pid(JavaSparkContext spark, String executor) {
    Map<String, Long> pids = new HashMap<>();
    Deadline.await(
        Duration.ofSeconds(20),
        "a task runs on executor " + executor,
        () -> {
          run(
                  spark,
                  4,
                  (context, none) ->
                      SparkEnv.get().executorId() + "=" + ProcessHandle.current().pid())
              .forEach(
                  entry -> {
                    int at = entry.indexOf('=');
                    pids.put(entry.substring(0, at), Long.valueOf(entry.substring(at + 1)));
                  });
          return pids.containsKey(executor);
        });
    return pids.get(executor);
  }

  /** Sends a signal to a process that this test started. */
  public static void signal(long pid, String signal) {
    try {
      Process killing = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
      Deadline.await(Duration.ofSeconds(5), "a signal is sent", () -> !killing.isAlive());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Which extends Serializable {
    boolean test(BroadcastBlockId block);
  }

  private static final class Filter extends AbstractFunction1<BlockId, Object>
      implements Serializable {
    private final Which which;

    Filter(Which which) {
      this.which = which;
    }

    @Override
    public Object apply(BlockId block) {
      return block instanceof BroadcastBlockId broadcast && which.test(broadcast);
    }
  }
}
