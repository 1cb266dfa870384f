package io.lepton.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which process made something, to be part of its name. Whether that process has ended can only be
 * told where it ran, since that machine last started, among the processes that are seen there.
 *
 * @param machine that start of that machine, and those processes
 * @param pid of the process
 * @param started when it was, in milliseconds
 */
record ProcessMark(UUID machine, long pid, long started) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f-]{36})-(\\d+)-(\\d+)");
  private static final UUID UNKNOWN = new UUID(0, 0);

  /** Processes see each other's start differently by as much as the clock was set meanwhile. */
  private static final Duration CLOCK = Duration.ofMinutes(1);

  /** That of this process. */
  static ProcessMark own() {
    return of(ProcessHandle.current());
  }

  /** That of a process of this machine. */
  static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(
        thisMachine(),
        process.pid(),
        process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  /** What {@link #toString} gave; empty if it is something else. */
  static Optional<ProcessMark> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new ProcessMark(
                UUID.fromString(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  /** Whether it is certain that the process has ended. */
  boolean hasEnded() {
    return !machine.equals(UNKNOWN)
        && machine.equals(thisMachine())
        && ProcessHandle.of(pid).filter(this::isIt).isEmpty();
  }

  private boolean isIt(ProcessHandle process) {
    long apart = Math.abs(of(process).started() - started);
    return process.isAlive() && apart < CLOCK.toMillis();
  }

  private static UUID thisMachine() {
    try {
      String start = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      String processes = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return UUID.nameUUIDFromBytes((start + processes).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | UnsupportedOperationException e) {
      return UNKNOWN;
    }
  }

  @Override
  public String toString() {
    return "%s-%d-%d".formatted(machine, pid, started);
  }
}
