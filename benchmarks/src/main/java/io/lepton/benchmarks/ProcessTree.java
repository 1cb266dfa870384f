package io.lepton.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A process of Linux and all that it starts, looked at now and then. */
final class ProcessTree {
  private static final String SHARE = "Pss:";

  private final ProcessHandle root;
  private final Map<String, Duration> times = new HashMap<>();
  private long peakBytes;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** Looks at all processes; what one has done since the last look is lost if it has ended. */
  void look() {
    long bytes = 0;
    for (ProcessHandle process : processes()) {
      ProcessHandle.Info info = process.info();
      info.totalCpuDuration()
          .ifPresent(time -> times.put(process.pid() + " " + info.startInstant(), time));
      bytes += bytes(process.pid());
    }
    peakBytes = Math.max(peakBytes, bytes);
  }

  /** Most memory at any look: pages in RAM, those that processes share counted once. */
  long peakBytes() {
    return peakBytes;
  }

  double cpuSeconds() {
    return times.values().stream().mapToLong(Duration::toMillis).sum() / 1e3;
  }

  void kill() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }

  private List<ProcessHandle> processes() {
    return Stream.concat(root.descendants(), Stream.of(root)).toList();
  }

  /** The proportional share of a process, 0 if it has ended. */
  private static long bytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith(SHARE))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
