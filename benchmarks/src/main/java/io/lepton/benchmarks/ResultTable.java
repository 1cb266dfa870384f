package io.lepton.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints medians and their spread as rows of a Markdown table, as they come. */
final class ResultTable {
  private static final String ROW = "| %-64s | %8s | %8s | %8s | %4s | %-10s |%n";

  private final PrintStream out;

  ResultTable(PrintStream out) {
    this.out = out;
    out.printf(ROW, "what", "median", "min", "max", "n", "unit");
    out.printf(ROW, "---", "---:", "---:", "---:", "---:", "---");
  }

  void row(String what, Samples samples, String unit) {
    out.printf(
        ROW,
        what,
        number(samples.median()),
        number(samples.min()),
        number(samples.max()),
        samples.count(),
        unit);
  }

  void rows(Map<String, List<Double>> samples, String unit) {
    samples.forEach((what, values) -> row(what, new Samples(values), unit));
  }

  /** Three digits, or all before the point. */
  static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
