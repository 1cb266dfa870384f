package io.lepton.spark.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the word that somebody probably meant. */
final class Nearest {
  private static final int SHORTEST_PREFIX = 3;
  private static final int TYPING_SLIPS = 2;

  private Nearest() {}

  /** The candidate nearest to {@code word}, or empty when none is near. */
  static Optional<String> to(String word, Collection<String> candidates) {
    return candidates.stream()
        .filter(candidate -> near(word, candidate))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  private static boolean near(String word, String candidate) {
    if (word.length() >= SHORTEST_PREFIX && candidate.startsWith(word)) {
      return true;
    }
    int slips = Math.max(TYPING_SLIPS, word.length() / 3);
    return distance(word, candidate) <= Math.min(slips, word.length() - 1);
  }

  private static int distance(String word, String candidate) {
    return LevenshteinDistance.getDefaultInstance().apply(word.toLowerCase(Locale.ROOT), candidate);
  }
}
