package io.lepton.jobs;

import io.lepton.spark.RateCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Smoothed losses over rates as bars of plain text, and the rate that is suggested. */
final class RateChart {
  private static final int MOST_LINES = 30;
  private static final int WIDTH = 50;

  private RateChart() {}

  static List<String> lines(RateCurve curve) {
    List<RateCurve.Point> points = curve.smoothed();
    double least = points.stream().mapToDouble(RateCurve.Point::loss).min().orElseThrow();
    double first = points.get(0).loss();
    double range = Math.max(first - least, Math.abs(first) * 1e-6);
    List<String> lines = new ArrayList<>();
    lines.add("rate      loss");
    int apart = (points.size() + MOST_LINES - 1) / MOST_LINES;
    for (int i = 0; i < points.size(); i += apart) {
      RateCurve.Point point = points.get(i);
      double share = Math.min(1, (point.loss() - least) / range);
      String bar = "#".repeat((int) Math.round(share * WIDTH));
      lines.add(
          String.format(Locale.ROOT, "%.1e   %-9.4g %s", point.rate(), point.loss(), bar)
              .stripTrailing());
    }
    lines.add(String.format(Locale.ROOT, "suggested rate: %.1e", curve.suggestion()));
    return lines;
  }
}
