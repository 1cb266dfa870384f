package io.lepton.spark;

import io.lepton.spark.averaging.Averaging;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How many replicas there are, and how they share the cores.
 *
 * @param replicas of the training
 * @param source who says so
 * @param threads of one replica's operations
 */
public record Placement(ClusterSize cluster, int replicas, Source source, int threads) {
  /** Who says how many replicas there are. */
  public enum Source {
    /** The configuration, as a number. */
    SET,
    /** As many as run at a time. */
    AUTO,
    /** The checkpoint that a training with as many as ran at a time goes on from. */
    CHECKPOINT
  }

  /** Finds it for a training that starts or goes on from a checkpoint. */
  public static Placement of(JavaSparkContext spark, TrainingOptions options, Recovery recovery) {
    boolean auto = options.replicas() == Averaging.AUTO;
    ClusterSize cluster = auto ? ClusterSize.asked(spark) : ClusterSize.of(spark.sc());
    OptionalInt earlier = recovery.replicas();
    return of(cluster, options, auto ? earlier : OptionalInt.empty());
  }

  static Placement of(ClusterSize cluster, TrainingOptions options, OptionalInt earlier) {
    int threads = options.compute().deterministic() ? 1 : cluster.taskCpus();
    if (options.replicas() != Averaging.AUTO) {
      return new Placement(cluster, options.replicas(), Source.SET, threads);
    }
    return earlier.isPresent()
        ? new Placement(cluster, earlier.getAsInt(), Source.CHECKPOINT, threads)
        : new Placement(cluster, cluster.slots(), Source.AUTO, threads);
  }

  /** Replicas that run at a time, at most. */
  public int atOnce() {
    return Math.min(replicas, cluster.slots());
  }

  /** How many of these follow one another in a round. */
  public int waves() {
    return (replicas + cluster.slots() - 1) / cluster.slots();
  }

  /** Share of the slots' time in which replicas that are equally fast leave them without work. */
  public double idleShare() {
    return 1 - (double) replicas / ((long) waves() * cluster.slots());
  }

  /** What could be better, and how. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    int slots = cluster.slots();
    int last = replicas - (waves() - 1) * slots;
    if (waves() == 1 && replicas < slots) {
      advice.add(
          "%d of %d slots have no replica: averaging.replicas = %d gives each one"
              .formatted(slots - replicas, slots, slots));
    } else if (last < slots) {
      advice.add(
          String.format(
              Locale.ROOT,
              "%d replicas are not a multiple of %d slots: the last of %d waves leaves %d of them"
                  + " idle, %.0f %% of the time of all; averaging.replicas = %d or %d leaves none",
              replicas,
              slots,
              waves(),
              slots - last,
              100 * idleShare(),
              (waves() - 1) * slots,
              waves() * slots));
    }
    int used = slots * cluster.taskCpus();
    if (used < cluster.cores()) {
      advice.add(
          "%d of %d cores are in no slot, as a task takes spark.task.cpus = %d of an executor's"
              .formatted(cluster.cores() - used, cluster.cores(), cluster.taskCpus()));
    }
    if (threads < cluster.taskCpus()) {
      advice.add(
          "a replica uses 1 of its spark.task.cpus = %d cores, as session.deterministic = true;"
                  .formatted(cluster.taskCpus())
              + " set spark.task.cpus = 1");
    } else if (threads > 1 && !cluster.gpus()) {
      advice.add(
          "%d threads a replica use cores worse than %d replicas of one thread; set spark.task.cpus"
                  .formatted(threads, threads)
              + " = 1 unless replicas side by side need too much memory");
    }
    return List.copyOf(advice);
  }
}
