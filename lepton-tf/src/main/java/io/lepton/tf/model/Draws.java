package io.lepton.tf.model;

/**
 * Random numbers of a weight, each a function of its position alone, by SplitMix64 (OOPSLA 2014).
 *
 * @param key of the weight
 */
record Draws(long key) {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final double CUT = 2;

  /** That of a weight's name. */
  static Draws of(long seed, String name) {
    long key = mix(seed + GAMMA);
    for (int i = 0; i < name.length(); i++) {
      key = mix(key + GAMMA + name.charAt(i));
    }
    return new Draws(key);
  }

  /** A bijection that turns neighbours into strangers. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform in {@code [0, 1)}. */
  double uniform(long position) {
    return unit(bits(position));
  }

  /** Standard Gaussian, by Box and Muller (1958). */
  double normal(long position) {
    return normal(bits(position), 0);
  }

  /** Standard Gaussian within two deviations. */
  double truncatedNormal(long position) {
    long stream = bits(position);
    double normal = normal(stream, 0);
    for (int attempt = 1; Math.abs(normal) >= CUT; attempt++) {
      normal = normal(stream, attempt);
    }
    return normal;
  }

  private long bits(long position) {
    return mix(key + position * GAMMA);
  }

  private static double normal(long stream, int attempt) {
    double radius = 1 - unit(mix(stream + (2L * attempt + 1) * GAMMA));
    double angle = unit(mix(stream + (2L * attempt + 2) * GAMMA));
    return StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * Math.PI * angle);
  }

  private static double unit(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }
}
