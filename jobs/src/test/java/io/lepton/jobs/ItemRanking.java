package io.lepton.jobs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** All items, as a saved model with one logit for each ranks them for a user. */
final class ItemRanking {
  private static final int USERS_AT_ONCE = 1024;

  private ItemRanking() {}

  /**
   * Share of held-out pairs whose item fewer than {@code length} others score above, those left out
   * that the user has in the training set.
   */
  static double hitRate(Path savedModel, Dataset<Row> training, Dataset<Row> heldOut, int length) {
    Map<Integer, Set<Integer>> seen = new HashMap<>();
    for (Row row : training.select("user", "item").collectAsList()) {
      seen.computeIfAbsent(row.getInt(0), user -> new HashSet<>()).add(row.getInt(1));
    }
    List<Row> pairs = heldOut.select("user", "item").collectAsList();
    int hits = 0;
    try (SavedModelBundle bundle = SavedModelBundle.load(savedModel.toString(), "serve")) {
      for (int from = 0; from < pairs.size(); from += USERS_AT_ONCE) {
        List<Row> some = pairs.subList(from, Math.min(from + USERS_AT_ONCE, pairs.size()));
        hits += hits(bundle, some, seen, length);
      }
    }
    return (double) hits / pairs.size();
  }

  private static int hits(
      SavedModelBundle bundle, List<Row> pairs, Map<Integer, Set<Integer>> seen, int length) {
    try (TInt32 users =
            TInt32.tensorOf(
                Shape.of(pairs.size(), 1),
                data -> {
                  for (int i = 0; i < pairs.size(); i++) {
                    data.setInt(pairs.get(i).getInt(0), i, 0);
                  }
                });
        Result result =
            bundle.function("serving_default").call(Map.<String, Tensor>of("user", users))) {
      TFloat32 logits = (TFloat32) result.get("logits").orElseThrow();
      int hits = 0;
      for (int i = 0; i < pairs.size(); i++) {
        Set<Integer> known = seen.getOrDefault(pairs.get(i).getInt(0), Set.of());
        if (above(logits, i, pairs.get(i).getInt(1), known) < length) {
          hits++;
        }
      }
      return hits;
    }
  }

  private static int above(TFloat32 logits, int row, int item, Set<Integer> known) {
    int above = 0;
    for (int other = 0; other < logits.shape().get(1); other++) {
      if (!known.contains(other) && logits.getFloat(row, other) > logits.getFloat(row, item)) {
        above++;
      }
    }
    return above;
  }
}
