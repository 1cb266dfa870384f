package io.lepton.spark.ingest;

/**
 * A pseudo-random permutation of {@code [0, size)} that is computed where it is asked for: any
 * position costs some nanoseconds and nothing is stored.
 *
 * <p>A balanced Feistel network of eight rounds over the next power of four, walked until it falls
 * inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). Not for secrets.
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  private final int size;
  private final int halfBits;
  private final int halfMask;
  private final long key;

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
    this.key = key;
    this.halfBits = Math.max(1, (33 - Integer.numberOfLeadingZeros(size - 1)) / 2);
    this.halfMask = (1 << halfBits) - 1;
  }

  /** Where a position goes. */
  public int apply(int position) {
    long value = position;
    do {
      value = encrypt(value);
    } while (value >= size);
    return (int) value;
  }

  private long encrypt(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (mix(key + round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
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
