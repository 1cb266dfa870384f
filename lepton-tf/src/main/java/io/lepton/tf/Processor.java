package io.lepton.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the processors of this machine can do. */
public final class Processor {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** Whether this machine computes in a precision; one that tells nothing of itself does not. */
  public static boolean supports(Precision precision) {
    try {
      return supports(precision, Files.exists(LINUX) ? Files.readAllLines(LINUX) : List.of());
    } catch (IOException e) {
      return supports(precision, List.of());
    }
  }

  /**
   * Whether a machine does.
   *
   * @param description lines such as {@code flags : fpu avx512_bf16}
   */
  static boolean supports(Precision precision, List<String> description) {
    return precision.features().isEmpty()
        || description.stream()
            .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
            .anyMatch(line -> hasOne(precision.features(), line));
  }

  private static boolean hasOne(List<String> features, String line) {
    List<String> words = List.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+"));
    return features.stream().anyMatch(words::contains);
  }
}
