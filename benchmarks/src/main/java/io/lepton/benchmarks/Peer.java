package io.lepton.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What could be picked instead of Lepton: a script in a Python of its own, optional all of them.
 */
enum Peer {
  KERAS_LOOP("keras", "keras_peer.py loop float32"),
  KERAS_LOOP_BFLOAT16("keras", "keras_peer.py loop mixed_bfloat16") {
    @Override
    boolean trains(Work work) {
      return work != Work.W3;
    }
  },
  KERAS_FIT("keras", "keras_peer.py fit float32"),
  ELEPHAS("elephas", "elephas_peer.py"),
  XGBOOST("tables", "tables_peer.py xgboost") {
    @Override
    boolean trains(Work work) {
      return work == Work.W3;
    }
  },
  MLLIB("tables", "tables_peer.py mllib") {
    @Override
    boolean trains(Work work) {
      return work == Work.W3;
    }
  };

  static final Path HOME = Path.of("benchmarks/peers");
  static final Path TARGET = Path.of("benchmarks/target/peers");
  static final Path LOGS = TARGET.resolve("logs");

  private static final List<String> THREADS =
      List.of("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS");

  private final String environment;
  private final String script;

  Peer(String environment, String script) {
    this.environment = environment;
    this.script = script;
  }

  /** As {@code --peers} calls it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean trains(Work work) {
    return true;
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
    return command(script, work, data, epochs, cores);
  }

  /** Another script of this Python, with what it is given last, on the same work. */
  List<String> command(String script, Work work, Work.Data data, int epochs, int cores) {
    List<String> words = List.of(script.split(" "));
    List<String> command =
        new ArrayList<>(List.of(python(), HOME.resolve(words.get(0)).toString()));
    command.addAll(List.of(work.name(), data.train().toString(), data.test().toString()));
    for (int number : List.of(epochs, work.batchSize(), cores)) {
      command.add(Integer.toString(number));
    }
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  /** The seed, and that Spark's workers are of one thread each, one for each core. */
  Map<String, String> variables(int seed) {
    Map<String, String> variables = new HashMap<>(Map.of("PEER_SEED", Integer.toString(seed)));
    if (!environment.equals("keras")) {
      variables.put("PYSPARK_PYTHON", Path.of(python()).toAbsolutePath().toString());
      variables.put("PYTHONPATH", HOME.toAbsolutePath().toString());
      for (String threads : THREADS) {
        variables.put(threads, "1");
      }
    }
    return variables;
  }

  private String python() {
    String own = TARGET.resolve(environment).resolve("bin/python").toString();
    return environment.equals("keras") ? System.getenv().getOrDefault("LEPTON_PYTHON", own) : own;
  }
}
