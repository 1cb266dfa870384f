package io.lepton.spark.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Sums of a classification: log loss, Brier score, hits among the k most probable classes, three of
 * each bin of the calibration, then the confusion matrix.
 *
 * @param classes their number
 * @param threshold of probability, from which class 1 is given where there are two classes
 * @param tops the k of top-k accuracies
 * @param bins of the calibration
 */
record ClassTally(int classes, double threshold, List<Integer> tops, int bins) implements Tally {
  static final int LABEL = Examples.FIRST;
  static final int PROBABILITIES = LABEL + 1;

  private static final int LOG_LOSS = 0;
  private static final int BRIER = 1;
  private static final int TOPS = 2;

  /** Probabilities are taken to be at least that far from 0 and 1, as scikit-learn does. */
  private static final double LEAST = Math.ulp(1.0);

  @Override
  public int size() {
    return matrix() + classes * classes;
  }

  @Override
  public void count(InternalRow row, double weight, Terms terms) {
    int label = row.getInt(LABEL);
    double[] probabilities = row.getArray(PROBABILITIES).toDoubleArray();
    int given = given(probabilities);
    double right = Math.min(Math.max(probabilities[label], LEAST), 1 - LEAST);
    terms.add(LOG_LOSS, -Math.log(right) * weight);
    terms.add(BRIER, brier(probabilities, label) * weight);
    int rank = rank(probabilities, label);
    for (int i = 0; i < tops.size(); i++) {
      if (rank < tops.get(i)) {
        terms.add(TOPS + i, weight);
      }
    }
    boolean two = classes == 2;
    double confidence = two ? probabilities[1] : probabilities[given];
    boolean happened = two ? label == 1 : label == given;
    int bin = calibration() + 3 * Reliability.bin(confidence, bins);
    terms.add(bin, weight);
    terms.add(bin + 1, confidence * weight);
    if (happened) {
      terms.add(bin + 2, weight);
    }
    terms.add(matrix() + label * classes + given, weight);
  }

  @Override
  public Map<String, Double> metrics(Totals totals) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    confusion(totals).addTo(metrics);
    for (int i = 0; i < tops.size(); i++) {
      metrics.put("top-%d-accuracy".formatted(tops.get(i)), totals.mean(TOPS + i));
    }
    metrics.put("log-loss", totals.mean(LOG_LOSS));
    metrics.put("brier", totals.mean(BRIER));
    Reliability reliability = reliability(totals);
    metrics.put("calibration-error", reliability.expectedError());
    metrics.put("largest-calibration-error", reliability.largestError());
    return metrics;
  }

  Confusion confusion(Totals totals) {
    return Confusion.of(classes, totals, matrix());
  }

  Reliability reliability(Totals totals) {
    return Reliability.of(bins, totals, calibration());
  }

  /** The first of the most probable ones; of two, what the threshold says. */
  private int given(double[] probabilities) {
    if (classes == 2) {
      return probabilities[1] >= threshold ? 1 : 0;
    }
    int given = 0;
    for (int c = 1; c < classes; c++) {
      if (probabilities[c] > probabilities[given]) {
        given = c;
      }
    }
    return given;
  }

  /** How many classes come before this one. */
  private static int rank(double[] probabilities, int label) {
    int before = 0;
    for (int c = 0; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[label]
          || (c < label && probabilities[c] == probabilities[label])) {
        before++;
      }
    }
    return before;
  }

  /** Of two classes that of class 1 alone. */
  private static double brier(double[] probabilities, int label) {
    if (probabilities.length == 2) {
      double off = probabilities[1] - label;
      return off * off;
    }
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double off = probabilities[c] - (c == label ? 1 : 0);
      sum += off * off;
    }
    return sum;
  }

  private int calibration() {
    return TOPS + tops.size();
  }

  private int matrix() {
    return calibration() + 3 * bins;
  }
}
