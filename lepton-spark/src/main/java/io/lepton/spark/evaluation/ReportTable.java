package io.lepton.spark.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A report as aligned lines of plain text. */
final class ReportTable {
  private final List<String> lines = new ArrayList<>();

  private ReportTable() {}

  static List<String> lines(EvaluationReport report) {
    ReportTable table = new ReportTable();
    List<SliceReport> slices =
        Stream.concat(Stream.of(report.all()), report.slices().stream()).toList();
    table.slices(slices);
    report.details().ifPresent(table::details);
    return List.copyOf(table.lines);
  }

  private void slices(List<SliceReport> slices) {
    List<List<String>> rows = new ArrayList<>();
    List<String> heads = new ArrayList<>(List.of(""));
    List<String> counts = new ArrayList<>(List.of("rows"));
    for (SliceReport slice : slices) {
      heads.add(slice.column().isEmpty() ? "all" : slice.column() + "=" + slice.value());
      counts.add(String.format(Locale.ROOT, "%,d", slice.rows()));
    }
    rows.add(heads);
    rows.add(counts);
    for (String metric : slices.get(0).metrics().keySet()) {
      List<String> row = new ArrayList<>(List.of(metric));
      slices.forEach(slice -> row.add(text(slice.metrics().get(metric))));
      rows.add(row);
    }
    align(rows);
  }

  private void details(ClassDetails details) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("class", "precision", "recall", "f1", "iou", "weight"));
    for (ClassDetails.OfClass it : details.classes()) {
      rows.add(
          List.of(
              String.valueOf(it.label()),
              number(it.precision()),
              number(it.recall()),
              number(it.f1()),
              number(it.iou()),
              weight(it.support())));
    }
    lines.add("");
    align(rows);
    if (!details.thresholds().isEmpty()) {
      thresholds(details.thresholds());
    }
  }

  private void thresholds(List<ThresholdChoice> choices) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("threshold for", "threshold", "precision", "recall", "f1"));
    for (ThresholdChoice it : choices) {
      rows.add(
          List.of(
              it.goal().words(),
              number(it.threshold()),
              number(it.precision()),
              number(it.recall()),
              number(it.f1())));
    }
    lines.add("");
    align(rows);
  }

  /** The first column to the left, the others to the right. */
  private void align(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String space = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private static String text(Estimate estimate) {
    return estimate.hasInterval()
        ? "%s [%s, %s]"
            .formatted(number(estimate.value()), number(estimate.low()), number(estimate.high()))
        : number(estimate.value());
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    boolean plain = value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.4e", value);
  }

  private static String weight(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.2f", value);
  }
}
