package io.lepton.jobs;

import io.lepton.spark.RoundReport;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** A round as fields of a line of JSON. What is no finite number is null. */
final class RoundLine {
  private RoundLine() {}

  static Map<String, Object> of(RoundReport report) {
    RoundReport.Averages averages = report.averages();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("round", report.round());
    line.put("epoch", report.epoch());
    line.put("loss", number(report.loss()));
    line.put("metrics", metrics(report));
    line.put("replica_losses", numbers(averages.losses()));
    line.put("local_steps", averages.localSteps());
    line.put("batch_size", averages.batchSize());
    line.put("learning_rate", averages.rate());
    line.put("disagreement", number(averages.movement().disagreement()));
    line.put("delta_norm", number(averages.movement().norm()));
    line.put("cosine", number(averages.movement().cosine()));
    line.put("bytes_down", report.bytesDown());
    line.put("bytes_up", report.bytesUp());
    line.put("seconds", seconds(report));
    line.put("examples", report.examples());
    line.put("examples_per_second", number(report.examplesPerSecond()));
    line.put("skipped_steps", number(averages.skippedSteps()));
    line.put("replica_seconds", numbers(averages.seconds()));
    line.put("straggling", number(averages.straggling()));
    line.put("left_out", averages.leftOut());
    line.put("memory_lost", averages.memoryLost());
    line.put("memory", memory());
    return line;
  }

  /** The number, or null if it is none. */
  static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static Map<Integer, Double> numbers(SortedMap<Integer, Double> values) {
    Map<Integer, Double> numbers = new LinkedHashMap<>();
    values.forEach((replica, value) -> numbers.put(replica, number(value)));
    return numbers;
  }

  private static Map<String, Object> metrics(RoundReport report) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put(report.metricName(), number(report.metric()));
    return metrics;
  }

  private static Map<String, Double> seconds(RoundReport report) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("total", report.seconds());
    seconds.put("broadcast", report.broadcastSeconds());
    seconds.put("compute", report.computeSeconds());
    seconds.put(
        "rest",
        Math.max(0, report.seconds() - report.broadcastSeconds() - report.computeSeconds()));
    return seconds;
  }

  /** Bytes in use in this process. */
  private static Map<String, Long> memory() {
    Map<String, Long> memory = new LinkedHashMap<>();
    memory.put("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    memory.put(
        "direct",
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum());
    return memory;
  }
}
