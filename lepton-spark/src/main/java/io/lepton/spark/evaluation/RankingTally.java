package io.lepton.spark.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Sums of a ranking, one row a user with the scores and relevances of all items.
 *
 * <p>A tie counts against the model: of items that score alike the relevant ones come last, so that
 * a model that scores all items alike earns nothing.
 *
 * @param cutoffs how many items are looked at
 */
record RankingTally(List<Integer> cutoffs) implements Tally {
  static final int SCORES = Examples.FIRST;
  static final int RELEVANCES = SCORES + 1;

  @Override
  public int size() {
    return 1 + 2 * cutoffs.size();
  }

  @Override
  public void count(InternalRow row, double weight, Terms terms) {
    double[] relevances = row.getArray(RELEVANCES).toDoubleArray();
    double[] gains = ranked(row.getArray(SCORES).toDoubleArray(), relevances);
    Arrays.sort(relevances);
    int first = first(gains);
    terms.add(0, weight / (first + 1));
    for (int i = 0; i < cutoffs.size(); i++) {
      int cutoff = cutoffs.get(i);
      if (first < cutoff) {
        terms.add(1 + 2 * i, weight);
      }
      terms.add(2 + 2 * i, weight * gain(gains, cutoff) / idealGain(relevances, cutoff));
    }
  }

  @Override
  public Map<String, Double> metrics(Totals totals) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int i = 0; i < cutoffs.size(); i++) {
      metrics.put("hit-rate-" + cutoffs.get(i), totals.mean(1 + 2 * i));
      metrics.put("ndcg-" + cutoffs.get(i), totals.mean(2 + 2 * i));
    }
    metrics.put("mrr", totals.mean(0));
    return metrics;
  }

  /** Relevances from the highest score down. */
  private static double[] ranked(double[] scores, double[] relevances) {
    return java.util.stream.IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            (a, b) -> {
              int byScore = Double.compare(scores[b], scores[a]);
              return byScore == 0 ? Double.compare(relevances[a], relevances[b]) : byScore;
            })
        .mapToDouble(item -> relevances[item])
        .toArray();
  }

  private static int first(double[] gains) {
    int first = 0;
    while (gains[first] <= 0) {
      first++;
    }
    return first;
  }

  private static double gain(double[] gains, int cutoff) {
    double sum = 0;
    for (int i = 0; i < Math.min(cutoff, gains.length); i++) {
      sum += gains[i] * discount(i);
    }
    return sum;
  }

  private static double idealGain(double[] ascending, int cutoff) {
    double sum = 0;
    for (int i = 0; i < Math.min(cutoff, ascending.length); i++) {
      sum += ascending[ascending.length - 1 - i] * discount(i);
    }
    return sum;
  }

  private static double discount(int rank) {
    return Math.log(2) / Math.log(rank + 2);
  }
}
