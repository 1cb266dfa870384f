package io.lepton.benchmarks;

import io.lepton.spark.config.JobConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.SparkSession;

/**
 * What Lepton and its peers are given to train; {@code benchmarks/peers/NAME.conf} says the rest.
 */
enum Work implements GeneratedTable.LabelRule {
  /** A network 784-1024-1024-10 on floats. */
  W1(GeneratedTable.ARRAYS, 60_000) {
    private static final Teacher TEACHER = new Teacher(64, 32, 10, 0.5, Math.sqrt(1 / 12.0));

    @Override
    public int label(long id, Object[] values, Random random) {
      return TEACHER.label((Object[]) values[0], random);
    }
  },

  /** A convolution of 32 filters on 32×32×3 bytes, pooled. */
  W2(GeneratedTable.IMAGES, 50_000) {
    private static final ClassPatterns PATTERNS = new ClassPatterns(10);

    @Override
    public int label(long id, Object[] values, Random random) {
      return PATTERNS.lay((byte[]) values[0], random);
    }
  },

  /** A network 28-64-2 on columns. */
  W3(GeneratedTable.FLOATS, 1_000_000) {
    private static final Teacher TEACHER = new Teacher(GeneratedTable.COLUMNS, 16, 2, 0, 1);

    @Override
    public int label(long id, Object[] values, Random random) {
      return TEACHER.label(values, random);
    }
  };

  private final GeneratedTable table;
  private final int rows;

  Work(GeneratedTable table, int rows) {
    this.table = table;
    this.rows = rows;
  }

  GeneratedTable table() {
    return table;
  }

  /** Its rows, or the given number where that is above 0; a test part of a tenth is made beside. */
  int rows(int limit) {
    return limit > 0 ? limit : rows;
  }

  /**
   * Writes the training and the test part, if they are not there.
   *
   * @return their paths
   */
  Data data(int limit, Path directory, SparkSession spark) {
    int training = rows(limit);
    Path own = directory.resolve(name() + "-" + training);
    Data data = new Data(own.resolve("train.parquet"), own.resolve("test.parquet"));
    table.write(data.train(), 0, training, this, spark);
    table.write(data.test(), training, training + Math.max(training / 10, 1), this, spark);
    return data;
  }

  /** The job of {@link #configuration} on some data. */
  JobConfiguration job(Data data, int replicas, int epochs, List<String> settings) {
    return JobConfiguration.load(configuration(), settings(data, replicas, epochs, settings));
  }

  Path configuration() {
    return Peer.HOME.resolve(name() + ".conf");
  }

  /** Examples of a step, as Lepton's configuration says. */
  int batchSize() {
    return JobConfiguration.load(configuration(), List.of()).trainingOptions().batchSize();
  }

  /**
   * Sides of Lepton that are worth comparing, with what they set: each replica with the batch that
   * peers have, the same in fewer bits where that helps, and, where half the steps tell in the end,
   * the batch of peers split among the replicas, so that as many are taken as by peers.
   */
  Map<String, List<String>> sides(int cores) {
    Map<String, List<String>> sides = new LinkedHashMap<>();
    sides.put(Contest.LEPTON, List.of("training.precision=float32"));
    if (this != W3) {
      sides.put(Contest.LEPTON + "-mixed-bfloat16", List.of("training.precision=mixed-bfloat16"));
    }
    if (this != W1) {
      sides.put(
          Contest.LEPTON + "-split-batch",
          List.of(
              "training.precision=float32",
              "training.batch-size=" + batchSize() / cores,
              "averaging.learning-rate-scale=square-root"));
    }
    return sides;
  }

  /** The command that trains it with Lepton. */
  List<String> command(
      Data data, int seed, int epochs, int cores, List<String> settings, Path run) {
    List<String> command = new ArrayList<>(List.of("./lepton", "train"));
    command.add(configuration().toString());
    command.addAll(List.of("--master", "local[%d]".formatted(cores)));
    command.addAll(List.of("--run-dir", run.toString()));
    command.addAll(List.of("--set", "seed=" + seed));
    settings(data, cores, epochs, settings)
        .forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  private static List<String> settings(Data data, int replicas, int epochs, List<String> settings) {
    List<String> all = new ArrayList<>();
    all.add("data.train=\"%s\"".formatted(data.train()));
    all.add("data.validation=\"%s\"".formatted(data.test()));
    all.add("averaging.replicas=" + replicas);
    all.add("training.epochs=" + epochs);
    all.addAll(settings);
    return all;
  }

  /** Parquet that is trained on, and that tells how well. */
  record Data(Path train, Path test) {}
}
