package io.lepton.spark.ingest;

import java.util.List;

/** Vocabularies out of counts. */
final class VocabularyFit {
  private VocabularyFit() {}

  /**
   * The most frequent texts.
   *
   * @param what they are in plural: "categories"
   * @param problems gets one if there are too many or none
   */
  static List<String> of(
      CountTally tally, String what, int size, int minCount, List<String> problems) {
    List<String> texts = tally.mostFrequent(size, minCount);
    if (tally.tooMany()) {
      problems.add(
          "column '%s' must have at most %d different %s to count, but has more; use hash-buckets"
              .formatted(tally.column(), tally.most(), what));
    } else if (texts.isEmpty()) {
      problems.add(
          "column '%s' must have %s seen min-count = %d times, but has none; lower it, or leave"
                  .formatted(tally.column(), what, minCount)
              + " the column out");
    }
    return texts;
  }
}
