package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;

/**
 * Spark's master and workers of two cores on loopback, each a process of its own, each worker at an
 * address of its own. Closing ends them with all that they started.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+");

  private final Path directory;
  private final List<String> options;
  private final JavaProcess master;
  private final String url;
  private final List<JavaProcess> workers = new ArrayList<>();
  private int started;

  private StandaloneCluster(Path directory, List<String> options, JavaProcess master) {
    this.directory = directory;
    this.options = options;
    this.master = master;
    this.url = find(URL, master.await("Starting Spark master at ", START));
  }

  /**
   * Starts them.
   *
   * @param settings of Spark for master and workers
   */
  static StandaloneCluster start(Path directory, int workers, Map<String, String> settings)
      throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    List<String> options = new ArrayList<>(options(settings));
    options.addAll(List.of("-Xmx256m", "-Dspark.master.rest.enabled=false"));
    StandaloneCluster cluster =
        new StandaloneCluster(
            directory,
            options,
            JavaProcess.start(
                options,
                Master.class,
                List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"),
                directory.resolve("master.out")));
    cluster.fill(workers);
    return cluster;
  }

  /** Settings of Spark as options of Java. */
  static List<String> options(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> "-D%s=%s".formatted(setting.getKey(), setting.getValue()))
        .toList();
  }

  /** How drivers call the master. */
  String url() {
    return url;
  }

  /** Starts workers until so many live. */
  void fill(int count) throws IOException {
    workers.removeIf(worker -> !worker.isAlive());
    List<JavaProcess> fresh = new ArrayList<>();
    while (workers.size() < count) {
      JavaProcess worker = worker();
      workers.add(worker);
      fresh.add(worker);
    }
    fresh.forEach(worker -> worker.await("Successfully registered with master", START));
  }

  /** Workers that live, those that were started first first. */
  List<JavaProcess> workers() {
    return workers.stream().filter(JavaProcess::isAlive).toList();
  }

  /** The only or first executor of a worker. */
  static ProcessHandle executor(JavaProcess worker) {
    List<ProcessHandle> executors = worker.children();
    assertThat(executors).as("executors").isNotEmpty();
    return executors.get(0);
  }

  @Override
  public void close() {
    workers.forEach(JavaProcess::close);
    master.close();
  }

  private JavaProcess worker() throws IOException {
    Path place = Files.createDirectories(directory.resolve("worker-" + started++));
    return JavaProcess.start(
        options,
        Worker.class,
        List.of(
            "--host",
            "127.0.0." + (1 + started),
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "2",
            "--memory",
            "2g",
            "--work-dir",
            place.toString(),
            url),
        place.resolve("out"));
  }

  private static String find(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group();
  }
}
