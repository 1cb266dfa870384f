package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.FoldProbe;
import io.lepton.spark.Jobs;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SharedVector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * What a round of two executors costs beside its steps: parameters down to both, a delta up from
 * each, folded.
 */
public final class RoundCost {
  private static final int EXECUTORS = TwoExecutors.COUNT;

  /** What three processes take to compile what they do. */
  private static final int WARMUPS = 10;

  private static final String TCP = "raw TCP";
  private static final String EXCHANGE = "exchange";
  private static final String ONE_THREAD = "exchange, fold-threads = 1";
  private static final String BROADCAST = "byte[] broadcast + runJob";

  private static final String JAVA_SERIALIZER = "org.apache.spark.serializer.JavaSerializer";

  private final JavaSparkContext spark;
  private final JavaRDD<Integer> rdd;
  private final RawTcp tcp;
  private final FlatVector parameters;
  private final FlatVector sum;

  private RoundCost(JavaSparkContext spark, JavaRDD<Integer> rdd, RawTcp tcp, int size) {
    this.spark = spark;
    this.rdd = rdd;
    this.tcp = tcp;
    this.parameters = FlatVector.allocate(size);
    this.sum = FlatVector.allocate(size);
  }

  /**
   * Prints a table to standard output.
   *
   * @param arguments numbers of parameters
   */
  public static void main(String[] arguments) throws IOException {
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    try (SparkSession session = TwoExecutors.session(Map.of("spark.serializer", JAVA_SERIALIZER));
        RawTcp tcp = new RawTcp(EXECUTORS)) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      JavaRDD<Integer> rdd = onBoth(spark);
      ResultTable table = new ResultTable(System.out);
      for (String size : arguments) {
        new RoundCost(spark, rdd, tcp, Integer.parseInt(size)).measure(table);
      }
    }
  }

  /** A partition kept by each executor. */
  private static JavaRDD<Integer> onBoth(JavaSparkContext spark) {
    JavaRDD<Integer> rdd =
        spark
            .parallelize(List.of(0, 1), EXECUTORS)
            .map(
                partition -> {
                  LockSupport.parkNanos(1_000_000_000);
                  return partition;
                })
            .cache();
    rdd.count();
    Set<String> executors = Set.copyOf(rdd.map(partition -> SparkEnv.get().executorId()).collect());
    if (executors.size() != EXECUTORS) {
      throw new IllegalStateException(
          "partitions must be on two executors, but are on " + executors);
    }
    return rdd;
  }

  private void measure(ResultTable table) {
    int size = (int) parameters.size();
    int rounds = size >= 50_000_000 ? 5 : size >= 5_000_000 ? 11 : 41;
    String name = "%,d: ".formatted(size);
    Map<String, List<Double>> samples =
        new Alternation<Double>()
            .side(name + "empty job", millis(() -> run((context, none) -> true)))
            .side(name + TCP, millis(this::rawTcp))
            .side(name + EXCHANGE, millis(() -> exchange(FoldProbe.threads())))
            .side(name + ONE_THREAD, millis(() -> exchange(1)))
            .side(name + BROADCAST, millis(this::broadcast))
            .measure(Math.max(WARMUPS, rounds / 2), rounds);
    table.rows(samples, "ms");
    for (String other : List.of(TCP, ONE_THREAD, BROADCAST)) {
      table.row(
          name + EXCHANGE + " / " + other + ", by rounds",
          Samples.ratios(samples.get(name + EXCHANGE), samples.get(name + other)),
          "ratio");
    }
  }

  private static Supplier<Double> millis(Runnable work) {
    return () -> 1e3 * Stopwatch.seconds(work);
  }

  private <R> List<R> run(Jobs.Task<Integer, R> task) {
    TreeMap<Integer, R> results = new TreeMap<>();
    Jobs.run(rdd, IntStream.range(0, EXECUTORS).boxed().toList(), task, results::put);
    return List.copyOf(results.values());
  }

  private void rawTcp() {
    sum.bytes().put(parameters.bytes());
    tcp.round(rdd, parameters, sum);
    check(sum, EXECUTORS);
  }

  private void exchange(int foldThreads) {
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 0, parameters);
      int size = (int) parameters.size();
      List<Address> deltas =
          run(
              (context, none) -> {
                shared.value();
                return shared.answer(
                    context,
                    "delta_r" + context.partitionId(),
                    Publisher.cut(
                        ExecutorVectors.delta(size), Publisher.slice((long) size * Float.BYTES)));
              });
      check(FoldProbe.fold(parameters, deltas, sum, foldThreads), 1);
    }
  }

  private void broadcast() {
    byte[] bytes = new byte[(int) parameters.size() * Float.BYTES];
    parameters.bytes().get(bytes);
    Broadcast<byte[]> sent = spark.broadcast(bytes);
    try {
      int size = (int) parameters.size();
      sum.bytes().put(parameters.bytes());
      Jobs.run(
          rdd,
          List.of(0, 1),
          (context, none) -> {
            if (sent.value().length != size * Float.BYTES) {
              throw new IllegalStateException("all parameters must arrive");
            }
            return ExecutorVectors.deltaBytes(size);
          },
          (place, delta) -> add(delta));
    } finally {
      sent.destroy();
    }
    check(sum, EXECUTORS);
  }

  private void add(byte[] delta) {
    FloatBuffer floats = ByteBuffer.wrap(delta).order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer to = sum.floats();
    for (int i = 0; i < to.limit(); i++) {
      to.put(i, to.get(i) + floats.get(i));
    }
  }

  private static void check(FlatVector folded, int factor) {
    for (long i = 0; i < folded.size(); i += 1 + folded.size() / 1000) {
      if (folded.get(i) != factor * (i % 1024)) {
        throw new IllegalStateException("deltas must add up, but not at " + i);
      }
    }
  }
}
