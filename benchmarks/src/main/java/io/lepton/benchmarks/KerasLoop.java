package io.lepton.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A process of Python that steps a Keras model when it is told to, and waits otherwise. */
final class KerasLoop implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter orders;

  /**
   * Starts it and waits until it is warm.
   *
   * @param policy dtype policy of Keras
   */
  KerasLoop(Work work, Work.Data data, int cores, String policy) throws IOException {
    process =
        new ProcessBuilder(Peer.KERAS_LOOP.command("keras_loop.py " + policy, work, data, 0, cores))
            .redirectError(Redirect.DISCARD)
            .start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answer();
  }

  /** Examples a second of some seconds of steps. */
  double examplesPerSecond(double seconds) {
    orders.println(seconds);
    return Double.parseDouble(answer());
  }

  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String answer() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(
            "a loop of Keras must answer, but it ended; its Python needs TensorFlow, Keras and pyarrow: "
                + Peer.KERAS_LOOP.installation());
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
