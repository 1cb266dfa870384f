package io.lepton.spark.ingest;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts of the texts of a column. Of more than {@value #MOST} different ones it gives up, and
 * keeps none.
 */
abstract class CountTally extends Tally {
  /** Most texts kept, about 100 bytes each and theirs. */
  static final int MOST = 1 << 20;

  private final int most;
  private final Map<UTF8String, long[]> counts = new HashMap<>();
  private boolean tooMany;

  CountTally(String column, int most) {
    super(column);
    this.most = most;
  }

  /** Counts a text, whose memory may change afterwards. */
  final void count(UTF8String text) {
    if (tooMany) {
      return;
    }
    long[] count = counts.get(text);
    if (count == null) {
      add(text.copy(), 1);
    } else {
      count[0]++;
    }
  }

  private void add(UTF8String text, long times) {
    if (!tooMany) {
      counts.computeIfAbsent(text, absent -> new long[1])[0] += times;
      if (counts.size() > most) {
        tooMany = true;
        counts.clear();
      }
    }
  }

  @Override
  final void merge(Tally other) {
    CountTally counted = (CountTally) other;
    if (counted.tooMany) {
      tooMany = true;
      counts.clear();
    }
    counted.counts.forEach((text, count) -> add(text, count[0]));
  }

  final boolean tooMany() {
    return tooMany;
  }

  /** Most texts that are kept. */
  final int most() {
    return most;
  }

  /**
   * The texts, the most frequent first, those equally frequent in the order of their bytes.
   *
   * @param size most of them to take
   * @param minCount least times each must have been there
   */
  final List<String> mostFrequent(int size, int minCount) {
    Comparator<Map.Entry<UTF8String, long[]>> byCount =
        Comparator.comparingLong(entry -> -entry.getValue()[0]);
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue()[0] >= minCount)
        .sorted(byCount.thenComparing(Map.Entry.comparingByKey(UTF8String::binaryCompare)))
        .limit(size)
        .map(entry -> entry.getKey().toString())
        .toList();
  }
}
