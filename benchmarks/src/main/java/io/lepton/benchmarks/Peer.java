package io.lepton.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What could be picked instead of Lepton: a script in a Python of its own, optional all of them.
 */
enum Peer {
  KERAS_LOOP(EnumSet.allOf(Work.class), "keras", "keras_peer.py", "loop", "float32"),
  KERAS_LOOP_BFLOAT16(
      EnumSet.of(Work.W1, Work.W2), "keras", "keras_peer.py", "loop", "mixed_bfloat16"),
  KERAS_FIT(EnumSet.allOf(Work.class), "keras", "keras_peer.py", "fit", "float32"),
  ELEPHAS(EnumSet.allOf(Work.class), "elephas", "elephas_peer.py"),
  XGBOOST(EnumSet.of(Work.W3), "tables", "tables_peer.py", "xgboost"),
  MLLIB(EnumSet.of(Work.W3), "tables", "tables_peer.py", "mllib");

  static final Path HOME = Path.of("benchmarks/peers");
  static final Path TARGET = Path.of("benchmarks/target/peers");

  private final Set<Work> works;
  private final String environment;
  private final String script;
  private final List<String> options;

  Peer(Set<Work> works, String environment, String script, String... options) {
    this.works = works;
    this.environment = environment;
    this.script = script;
    this.options = List.of(options);
  }

  /** As {@code --peers} calls it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean trains(Work work) {
    return works.contains(work);
  }

  boolean installed() {
    return Files.isExecutable(Path.of(python())) || !python().contains("/");
  }

  /** The line that installs it. */
  String installation() {
    Path home = TARGET.resolve(environment);
    return "python3 -m venv %s && %s/bin/pip install -r %s/%s.txt"
        .formatted(home, home, HOME, environment);
  }

  List<String> command(Work work, Work.Data data, int epochs, int cores) {
    List<String> command = new ArrayList<>(List.of(python(), HOME.resolve(script).toString()));
    command.addAll(List.of(work.name(), data.train().toString(), data.test().toString()));
    for (int number : List.of(epochs, work.batchSize(), cores)) {
      command.add(Integer.toString(number));
    }
    command.addAll(options);
    return command;
  }

  /** Spark's workers are of one thread each, one for each core. */
  Map<String, String> variables() {
    return environment.equals("keras")
        ? Map.of()
        : Map.of(
            "PYSPARK_PYTHON", Path.of(python()).toAbsolutePath().toString(),
            "PYTHONPATH", HOME.toAbsolutePath().toString(),
            "OMP_NUM_THREADS", "1",
            "TF_NUM_INTRAOP_THREADS", "1",
            "TF_NUM_INTEROP_THREADS", "1");
  }

  private String python() {
    String own = TARGET.resolve(environment).resolve("bin/python").toString();
    return environment.equals("keras") ? System.getenv().getOrDefault("LEPTON_PYTHON", own) : own;
  }
}
