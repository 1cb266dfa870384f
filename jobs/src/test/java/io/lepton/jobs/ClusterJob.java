package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The small job in six replicas and 36 rounds, its driver a process that asks a cluster for two
 * executors of one core.
 *
 * @param settings of Spark
 */
record ClusterJob(SmallJob job, Map<String, String> settings) {
  /** Within which a training ends, whatever befalls it. */
  static final Duration TIME = Duration.ofMinutes(4);

  private static final List<String> SETS =
      List.of(
          "--set=session.deterministic=true",
          "--set=model.layers=[{dense{units=64,activation=relu}},{dropout{rate=0.2}},{dense{units=2}}]",
          "--set=training={epochs=6,batch-size=2}",
          "--set=averaging={replicas=6,local-steps=3}");

  static ClusterJob on(StandaloneCluster cluster, Path directory) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "log4j2.configurationFile", Path.of("..", "conf", "log4j2.properties").toUri().toString());
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.cores.max", "2");
    settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.put("spark.executor.extraJavaOptions", String.join(" ", JavaProcess.opens()));
    return new ClusterJob(SmallJob.in(directory).on(cluster.url()), settings);
  }

  /** What it comes to in one process that nothing befalls. */
  static JsonNode undisturbed(Path directory, String... more) throws IOException {
    List<String> sets = new ArrayList<>(SETS);
    sets.addAll(List.of(more));
    CommandRun run = SmallJob.in(directory).run("train", sets.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run.json();
  }

  ClusterJob with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    return new ClusterJob(job, all);
  }

  /** Starts its driver. */
  JavaProcess start(String... more) throws IOException {
    List<String> sets = new ArrayList<>(SETS);
    sets.addAll(List.of(more));
    return job.start(StandaloneCluster.options(settings), sets.toArray(String[]::new));
  }

  /** Runs it to its end, which must be a good one. */
  JsonNode result(String... more) throws Exception {
    try (JavaProcess driver = start(more)) {
      return result(driver);
    }
  }

  /** Waits for the end of its driver, which must be a good one. */
  JsonNode result(JavaProcess driver) throws Exception {
    assertThat(driver.ends(TIME)).as(driver.err()).isZero();
    return job.result();
  }

  static void assertSame(JsonNode result, JsonNode undisturbed) {
    Stream.of("parameters_sha256", "rounds", "best_epoch", "examples", "metrics")
        .forEach(it -> assertThat(result.get(it)).as(it).isEqualTo(undisturbed.get(it)));
  }
}
