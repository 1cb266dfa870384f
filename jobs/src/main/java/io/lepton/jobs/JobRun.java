package io.lepton.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.DivergenceException;
import io.lepton.spark.ExecutorWatch;
import io.lepton.spark.InterruptedTrainingException;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.MissingExecutorsException;
import io.lepton.spark.OverdueTaskException;
import io.lepton.spark.PrecisionException;
import io.lepton.spark.TaskWatch;
import io.lepton.spark.checkpoint.CheckpointException;
import io.lepton.spark.config.ClusterSection;
import io.lepton.spark.config.ConfigurationException;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ingest.ShardStorageException;
import io.lepton.tf.bundle.BundleException;
import io.lepton.tf.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a command: configuration in, a Spark session around the work, one line of JSON on
 * standard output at the end, whatever happened.
 */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String command;
  private final RunOptions options;
  private final long start = System.nanoTime();

  /** What is done inside a run. */
  interface Work {
    /**
     * Looks whether it can be done, before any cluster time is spent.
     *
     * @throws SchemaException with every problem
     */
    default void check(JobConfiguration job) throws IOException {
      List<String> problems = problems(job);
      if (!problems.isEmpty()) {
        throw new SchemaException(problems);
      }
      job.model().notes().forEach(note -> System.err.println("model: " + note));
    }

    /** What is missing or in the way of it: a sentence for each path. */
    default List<String> problems(JobConfiguration job) throws IOException {
      return DataPaths.problems(job);
    }

    /**
     * Does it.
     *
     * @return fields of the result
     */
    Map<String, Object> run(JobConfiguration job, SparkSession spark, Path runDirectory)
        throws IOException;
  }

  /**
   * What is to be done, once it is known.
   *
   * @param name of it
   * @param cluster that does it
   * @param effective configuration to keep with what is left; empty for none
   */
  record Task(String name, ClusterSection cluster, String effective, Body body) {}

  /** What is done inside a session. */
  interface Body {
    /** Does it; gives fields of the result. */
    Map<String, Object> run(SparkSession spark, Path runDirectory) throws IOException;
  }

  /** Work was asked to end early, and what it did holds. */
  static final class InterruptedWork extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<String, Object> fields;

    InterruptedWork(String message, Map<String, Object> fields) {
      super(message);
      this.fields = fields;
    }

    /** Of the result. */
    Map<String, Object> fields() {
      return fields;
    }
  }

  /** Finds out what is to be done. */
  interface Preparation {
    /** Reads and checks all that can be before there is a session. */
    Task prepare() throws IOException;
  }

  /** A run of a command on a configuration. */
  static ExitCode of(String command, JobOptions options, Work work) {
    return new JobRun(command, options.run())
        .run(
            () -> {
              JobConfiguration job = JobConfiguration.load(options.file(), options.run().sets());
              work.check(job);
              return new Task(
                  job.name(),
                  job.cluster(),
                  job.effective(),
                  (spark, directory) -> work.run(job, spark, directory));
            });
  }

  JobRun(String command, RunOptions options) {
    this.command = command;
    this.options = options;
  }

  ExitCode run(Preparation preparation) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "done");
    result.put("command", command);
    ExitCode code = ExitCode.DONE;
    Path runDirectory = null;
    try {
      Task task = preparation.prepare();
      runDirectory = makeRunDirectory(task.name());
      result.put("run_dir", runDirectory.toString());
      if (!task.effective().isEmpty()) {
        Files.writeString(runDirectory.resolve("configuration.conf"), task.effective());
      }
      result.putAll(run(task, runDirectory));
    } catch (InterruptedTrainingException e) {
      code = ExitCode.INTERRUPTED;
      System.err.println(e.getMessage());
      result.put("status", "interrupted");
      result.put("message", e.getMessage());
      result.put("rounds", e.round());
      result.put("saved", e.saved());
    } catch (InterruptedWork e) {
      code = ExitCode.INTERRUPTED;
      System.err.println(e.getMessage());
      result.put("status", "interrupted");
      result.put("message", e.getMessage());
      result.putAll(e.fields());
    } catch (Exception | OutOfMemoryError e) {
      code = explain(e);
      result.put("status", "failed");
      result.put("error", message(e));
    }
    result.put("wall_seconds", seconds());
    result.put("exit_code", code.code());
    print(result, runDirectory);
    return code;
  }

  private Map<String, Object> run(Task task, Path runDirectory) throws Exception {
    try (SparkSession spark = session(task.name());
        ExecutorWatch watch =
            new ExecutorWatch(spark.sparkContext(), task.cluster().executorWait());
        TaskWatch tasks = new TaskWatch(spark.sparkContext(), task.cluster().taskTimeout())) {
      return watch.over(() -> tasks.over(() -> task.body().run(spark, runDirectory)));
    }
  }

  private Path makeRunDirectory(String name) throws IOException {
    Path directory = options.runDirectory();
    if (directory == null) {
      String time =
          LocalDateTime.now(ZoneId.systemDefault())
              .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
      directory = Path.of("runs", name + "-" + time);
    }
    return Files.createDirectories(directory);
  }

  private SparkSession session(String name) {
    SparkSession.Builder builder = LeptonSpark.builder().appName("lepton " + name);
    if (options.master() != null) {
      builder.master(options.master());
    } else if (System.getProperty("spark.master") == null) {
      builder.master("local[*]");
    }
    return builder.getOrCreate();
  }

  private ExitCode explain(Throwable thrown) {
    Throwable cause = known(thrown);
    System.err.println();
    if (cause == null) {
      LOG.error("{} failed", command, thrown);
      System.err.println("lepton " + command + ": " + thrown);
      return ExitCode.UNEXPECTED;
    }
    System.err.println(cause.getMessage());
    return code(cause);
  }

  private static ExitCode code(Throwable cause) {
    if (cause instanceof ConfigurationException
        || cause instanceof SchemaException
        || cause instanceof ModelException
        || cause instanceof PrecisionException
        || cause instanceof CheckpointException
        || cause instanceof BundleException) {
      return ExitCode.CONFIGURATION;
    }
    return cause instanceof DataException ? ExitCode.DATA : ExitCode.UNEXPECTED;
  }

  private static String message(Throwable thrown) {
    Throwable cause = known(thrown);
    return cause == null ? thrown.toString() : cause.getMessage();
  }

  /** The exception among the causes that tells everything by its message; null if there is none. */
  private static Throwable known(Throwable thrown) {
    List<Class<? extends Exception>> telling =
        List.of(
            ConfigurationException.class,
            SchemaException.class,
            ModelException.class,
            PrecisionException.class,
            CheckpointException.class,
            BundleException.class,
            DataException.class,
            DivergenceException.class,
            MissingExecutorsException.class,
            OverdueTaskException.class,
            ShardStorageException.class);
    return ExceptionUtils.getThrowableList(thrown).stream()
        .filter(cause -> telling.stream().anyMatch(type -> type.isInstance(cause)))
        .findFirst()
        .orElse(null);
  }

  private void print(Map<String, Object> result, Path runDirectory) {
    try {
      String json = JSON.writeValueAsString(result);
      System.out.println(json);
      if (runDirectory != null) {
        Files.writeString(runDirectory.resolve("result.json"), json + "\n");
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are plain values", e);
    } catch (IOException e) {
      LOG.warn("result.json could not be written", e);
    }
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
