package io.lepton.tf.model;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Python interpreter that has TensorFlow, where there is one. */
final class PythonTensorFlow {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final String RESULT = "RESULT ";

  private PythonTensorFlow() {}

  /**
   * The first of the system property {@code lepton.python}, the environment variable {@code
   * LEPTON_PYTHON} and {@code python3} that has TensorFlow; skips the test when none has.
   */
  static Path find() {
    List<Path> candidates =
        Stream.of(System.getProperty("lepton.python"), System.getenv("LEPTON_PYTHON"), "python3")
            .filter(Objects::nonNull)
            .map(Path::of)
            .toList();
    return candidates.stream()
        .filter(PythonTensorFlow::hasTensorFlow)
        .findFirst()
        .orElseGet(
            () ->
                abort(
                    "none of %s has TensorFlow; name one that has by -Dlepton.python or LEPTON_PYTHON"
                        .formatted(candidates)));
  }

  private static boolean hasTensorFlow(Path python) {
    try {
      run(python, "import tensorflow");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a script; returns the numbers of each line that starts with RESULT. */
  static List<float[]> run(Path python, String script, Path... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-c", script));
    Stream.of(arguments).map(Path::toString).forEach(command::add);
    Path log = Files.createTempFile("python", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("CUDA_VISIBLE_DEVICES", "");
      Process process = builder.start();
      if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(python + " was not done after " + DEADLINE);
      }
      String output = Files.readString(log);
      if (process.exitValue() != 0) {
        throw new IOException(python + " failed: " + output);
      }
      return output
          .lines()
          .filter(line -> line.startsWith(RESULT))
          .map(PythonTensorFlow::numbers)
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + python, e);
    } finally {
      Files.delete(log);
    }
  }

  private static float[] numbers(String line) {
    String[] words = line.substring(RESULT.length()).split(" ", -1);
    float[] numbers = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Float.parseFloat(words[i]);
    }
    return numbers;
  }
}
