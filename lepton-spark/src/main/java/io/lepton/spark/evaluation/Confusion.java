package io.lepton.spark.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Weight of examples by the class they have and the class they were given.
 *
 * <p>A ratio without examples is 0, as scikit-learn's are; means over classes are over those that
 * occur, among labels or predictions.
 *
 * @param classes their number
 * @param cells a row for each class that examples have, one after the other
 */
@SuppressWarnings("ArrayRecordComponent")
record Confusion(int classes, double[] cells) {
  private static final int MOST_CLASSES = 1000;

  static void requireClasses(int classes) {
    if (classes < 2 || classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "classes must be from 2 to %d, but were: %d".formatted(MOST_CLASSES, classes));
    }
  }

  static Confusion of(int classes, Totals totals, int first) {
    double[] cells = new double[classes * classes];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = totals.at(first + i);
    }
    return new Confusion(classes, cells);
  }

  double at(int label, int given) {
    return cells[label * classes + given];
  }

  double labelled(int c) {
    return IntStream.range(0, classes).mapToDouble(given -> at(c, given)).sum();
  }

  double given(int c) {
    return IntStream.range(0, classes).mapToDouble(label -> at(label, c)).sum();
  }

  double accuracy() {
    return IntStream.range(0, classes).mapToDouble(c -> at(c, c)).sum() / weight();
  }

  double precision(int c) {
    return ratio(at(c, c), given(c));
  }

  double recall(int c) {
    return ratio(at(c, c), labelled(c));
  }

  /** Also Dice. */
  double f1(int c) {
    return ratio(2 * at(c, c), given(c) + labelled(c));
  }

  double intersectionOverUnion(int c) {
    return ratio(at(c, c), given(c) + labelled(c) - at(c, c));
  }

  void addTo(Map<String, Double> metrics) {
    metrics.put("accuracy", accuracy());
    if (classes == 2) {
      metrics.put("precision", precision(1));
      metrics.put("recall", recall(1));
      metrics.put("f1", f1(1));
    }
    metrics.put("macro-precision", mean(this::precision));
    metrics.put("macro-recall", mean(this::recall));
    metrics.put("macro-f1", mean(this::f1));
    metrics.put("micro-f1", accuracy());
    metrics.put("weighted-precision", weightedMean(this::precision));
    metrics.put("weighted-recall", weightedMean(this::recall));
    metrics.put("weighted-f1", weightedMean(this::f1));
  }

  /** Mean over classes that occur; NaN if none does. */
  double mean(IntToDoubleFunction ofClass) {
    return IntStream.range(0, classes)
        .filter(c -> labelled(c) + given(c) > 0)
        .mapToDouble(ofClass)
        .average()
        .orElse(Double.NaN);
  }

  /** The rows of the matrix. */
  List<List<Double>> rows() {
    List<List<Double>> rows = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      int row = label;
      rows.add(IntStream.range(0, classes).mapToObj(given -> at(row, given)).toList());
    }
    return rows;
  }

  private double weightedMean(IntToDoubleFunction ofClass) {
    return IntStream.range(0, classes)
            .mapToDouble(c -> labelled(c) * ofClass.applyAsDouble(c))
            .sum()
        / weight();
  }

  private double weight() {
    double weight = 0;
    for (double cell : cells) {
      weight += cell;
    }
    return weight;
  }

  private static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
