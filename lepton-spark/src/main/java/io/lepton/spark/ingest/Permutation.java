package io.lepton.spark.ingest;

/**
 * A pseudo-random permutation of {@code [0, size)} that is computed where it is asked for: a run of
 * positions costs a few nanoseconds each and nothing is stored.
 *
 * <p>An alternating Feistel network of eight rounds over the next power of two, walked until it
 * falls inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). Not for secrets.
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  private final int size;
  private final int rightBits;
  private final int leftMask;
  private final int rightMask;
  private final int[] keys = new int[ROUNDS];

  /**
   * The permutation of a key.
   *
   * @param size number of elements, at least 1
   * @param key equal keys give equal permutations; see {@link #mix}
   */
  public Permutation(int size, long key) {
    if (size <= 0) {
      throw new IllegalArgumentException("size must be positive, but was: " + size);
    }
    this.size = size;
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(size - 1));
    this.rightBits = (bits + 1) / 2;
    this.rightMask = (1 << rightBits) - 1;
    this.leftMask = (1 << (bits - rightBits)) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = (int) mix(key, round);
    }
  }

  /** Where a position goes. */
  public int apply(int position) {
    int[] one = new int[1];
    apply(position, 1, one);
    return one[0];
  }

  /** Where consecutive positions go, into the front of an array; cheaper than one by one. */
  public void apply(int first, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = first + i;
    }
    encrypt(into, 0, count);
    for (int i = 0; i < count; i++) {
      while (into[i] >= size) {
        encrypt(into, i, i + 1);
      }
    }
  }

  /** Plain arithmetic on ints without branches, so that the compiler makes vectors of it. */
  private void encrypt(int[] values, int from, int to) {
    for (int round = 0; round < ROUNDS; round += 2) {
      int leftKey = keys[round];
      int rightKey = keys[round + 1];
      for (int i = from; i < to; i++) {
        int right = values[i] & rightMask;
        int left = (values[i] >>> rightBits) ^ (scramble(right ^ leftKey) & leftMask);
        right ^= scramble(left ^ rightKey) & rightMask;
        values[i] = (left << rightBits) | right;
      }
    }
  }

  /** The upper half of a product depends on all bits of what is multiplied; it is what is used. */
  private static int scramble(int value) {
    int mixed = value * 0x7FEB352D;
    mixed = (mixed ^ (mixed >>> 15)) * 0x846CA68B;
    return mixed >>> 16;
  }

  /** Mixes two numbers into one that looks random (the finaliser of SplitMix64, twice). */
  public static long mix(long a, long b) {
    return finish(finish(a + 0x9E3779B97F4A7C15L) + b);
  }

  /** Mixes three numbers into one that looks random. */
  public static long mix(long a, long b, long c) {
    return mix(mix(a, b), c);
  }

  /** A number in [0, 1) that depends on two numbers only. */
  public static double uniform(long a, long b) {
    return (mix(a, b) >>> 11) * 0x1.0p-53;
  }

  /** The next of a sequence that looks random (SplitMix64). */
  static long next(long value) {
    return finish(value + 0x9E3779B97F4A7C15L);
  }

  private static long finish(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
