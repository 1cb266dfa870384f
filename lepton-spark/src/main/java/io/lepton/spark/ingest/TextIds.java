package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;
import org.apache.spark.unsafe.types.UTF8String;

/** Numbers for texts. */
sealed interface TextIds extends Serializable {
  int id(UTF8String text);

  /** Ids of known texts in their order; all others have the id before the first. */
  final class Vocabulary implements TextIds {
    private final List<String> texts;
    private final int first;
    private transient Map<UTF8String, Integer> ids;

    /**
     * A vocabulary.
     *
     * @param first id of the first text
     */
    Vocabulary(List<String> texts, int first) {
      this.texts = List.copyOf(texts);
      this.first = first;
    }

    @Override
    public int id(UTF8String text) {
      if (ids == null) {
        ids = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
          ids.put(UTF8String.fromString(texts.get(i)), first + i);
        }
      }
      Integer id = ids.get(text);
      return id == null ? first - 1 : id;
    }
  }

  /**
   * Ids by hash: Murmur3 (x86, 32 bits, seed 42) of the UTF-8 bytes modulo the number of buckets,
   * never negative, which is {@code pmod(hash(text), buckets)} in Spark SQL.
   *
   * @param buckets number of ids
   * @param first smallest id
   */
  record Hash(int buckets, int first) implements TextIds {
    private static final int SEED = 42;

    @Override
    public int id(UTF8String text) {
      int hash =
          Murmur3_x86_32.hashUnsafeBytes(
              text.getBaseObject(), text.getBaseOffset(), text.numBytes(), SEED);
      return first + Math.floorMod(hash, buckets);
    }
  }
}
