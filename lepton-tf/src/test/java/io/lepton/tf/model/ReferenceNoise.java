package io.lepton.tf.model;

/** The numbers an example is augmented with, by arithmetic of {@code long}. */
record ReferenceNoise(long key, long id) {
  static final int DRAWS = 3;
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  static long salt(String input, int position) {
    long salt = GAMMA;
    for (int i = 0; i < input.length(); i++) {
      salt = mix(salt + GAMMA + input.charAt(i));
    }
    return mix(salt + (position + 1) * GAMMA);
  }

  float uniform(long counter) {
    return (mix(mix(mix(key) + id * GAMMA) + counter) >>> 40) / 16777216f;
  }

  /** A number that an example draws for the augmentation at a position of an input's list. */
  float draw(String input, int position, int number) {
    return uniform(salt(input, position) + (number + 1) * GAMMA);
  }

  /** A number for one element of an example. */
  float element(String input, int position, int element) {
    return draw(input, position, DRAWS + element);
  }

  private static long mix(long z) {
    long first = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
    return second ^ (second >>> 31);
  }
}
