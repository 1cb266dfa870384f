package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process on the class path of the tests. What it says on standard error is read as it
 * comes; every wait for it has a deadline.
 */
final class JavaProcess implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private JavaProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param options of Java
   * @param out gets standard output
   */
  static JavaProcess start(List<String> options, Class<?> main, List<String> arguments, Path out)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(opens());
    line.addAll(options);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    line.addAll(arguments);
    return start(new ProcessBuilder(line), main.getSimpleName(), out);
  }

  /**
   * Starts {@code ./lepton} as on a machine without a Spark of its own.
   *
   * @param out gets standard output
   */
  static JavaProcess launcher(List<String> arguments, Path out) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of("..", "lepton").toString());
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().remove("SPARK_HOME");
    return start(builder, "lepton", out);
  }

  private static JavaProcess start(ProcessBuilder builder, String name, Path out)
      throws IOException {
    JavaProcess started = new JavaProcess(builder.redirectOutput(out.toFile()).start());
    Thread reader = new Thread(started::read, name + "-stderr");
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  /** What this JVM was told to open to Spark and TensorFlow. */
  static List<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .toList();
  }

  /** Waits for a line that contains a text, from the start of the process on. */
  String await(String text, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (int next = 0; ; next++) {
      String line = line(next, end);
      if (line == null) {
        throw new AssertionError(
            "%s without '%s':\n%s"
                .formatted(process.isAlive() ? "after " + time : "it ended", text, err()));
      }
      if (line.contains(text)) {
        return line;
      }
    }
  }

  /** Waits for the end and returns the exit code, 128 and the signal's number after a signal. */
  int ends(Duration time) throws InterruptedException {
    assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
        .as("ended within %s: %s", time, err())
        .isTrue();
    return process.exitValue();
  }

  /** All it said on standard error so far. */
  synchronized String err() {
    return String.join("\n", lines);
  }

  /** Sends a signal by its name, as {@code STOP}. */
  void signal(String name) {
    signal(process.toHandle(), name);
  }

  static void signal(ProcessHandle process, String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      assertThat(kill.waitFor(10, TimeUnit.SECONDS)).as("kill ended").isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Processes that it started and that live. */
  List<ProcessHandle> children() {
    return process.children().filter(ProcessHandle::isAlive).toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it after all that it started. */
  @Override
  public void close() {
    process.descendants().forEach(JavaProcess::kill);
    kill(process.toHandle());
  }

  /** Ends a process at once, whatever it does. */
  static void kill(ProcessHandle one) {
    one.destroyForcibly();
    one.onExit().orTimeout(END.toSeconds(), TimeUnit.SECONDS).join();
  }

  void kill() {
    kill(process.toHandle());
  }

  private void read() {
    try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(unreadable: " + e + ")");
    }
    end();
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Null if there is no such line at the end of the time or of the process. */
  private synchronized String line(int number, long end) {
    while (lines.size() <= number) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (ended || left <= 0) {
        return null;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return lines.get(number);
  }
}
