package io.lepton.jobs;

import io.lepton.spark.ClusterSize;
import io.lepton.spark.Placement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many replicas there are and where they run, in words and as fields of a result. */
record PlacementText(Placement placement) {
  /** For a plan: what there is, what was chosen, and why. */
  List<String> lines() {
    ClusterSize cluster = placement.cluster();
    List<String> lines = new ArrayList<>();
    lines.add("placement");
    lines.add(
        "  %s of %s, %s a task: %s"
            .formatted(
                count(cluster.executors(), "executor"),
                count(cluster.cores(), "core"),
                count(cluster.taskCpus(), "core"),
                count(cluster.slots(), "slot")));
    lines.add("  " + summary());
    lines.add(
        "  a round has %s%s"
            .formatted(
                count(placement.waves(), "wave"),
                placement.idleShare() == 0
                    ? ", all slots busy"
                    : String.format(
                        Locale.ROOT,
                        ", slots idle for %.0f %% of them",
                        100 * placement.idleShare())));
    lines.addAll(reasons(cluster));
    placement.advice().forEach(advice -> lines.add("  ! " + advice));
    return lines;
  }

  private static List<String> reasons(ClusterSize cluster) {
    return cluster.gpus()
        ? List.of(
            "  slots are those that spark.task.resource.gpu.amount leaves; nothing was measured")
        : List.of(
            "  one thread a replica and one replica a core: two such loops step 2.0 to 2.1 times as"
                + " fast as one,",
            "  one loop on two threads 0.8 to 1.5 times, measured on two cores (docs/benchmarks.md,"
                + " Threads and replicas)");
  }

  /** In a line. */
  String summary() {
    return "%s (%s), %d at a time on %s each"
        .formatted(
            count(placement.replicas(), "replica"),
            reason(),
            placement.atOnce(),
            count(placement.threads(), "thread"));
  }

  Map<String, Object> fields() {
    ClusterSize cluster = placement.cluster();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("executors", cluster.executors());
    fields.put("cores", cluster.cores());
    fields.put("task_cpus", cluster.taskCpus());
    fields.put("slots", cluster.slots());
    fields.put("replicas", placement.replicas());
    fields.put("source", placement.source().name().toLowerCase(Locale.ROOT));
    fields.put("at_once", placement.atOnce());
    fields.put("waves", placement.waves());
    fields.put("threads", placement.threads());
    fields.put("idle_share", placement.idleShare());
    fields.put("advice", placement.advice());
    return fields;
  }

  private String reason() {
    return switch (placement.source()) {
      case SET -> "averaging.replicas is set";
      case AUTO -> "averaging.replicas = auto: one for each slot";
      case CHECKPOINT -> "averaging.replicas = auto: those of the checkpoint";
    };
  }

  private static String count(int number, String what) {
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
