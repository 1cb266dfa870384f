package io.lepton.benchmarks;

import java.util.Random;

/** A faint pattern of squares for each class, laid over images of noise. */
final class ClassPatterns {
  private static final int SQUARE = 4;
  private static final double STRENGTH = 5;
  private static final int PER_SIDE = GeneratedTable.SIDE / SQUARE;

  private final double[][] patterns;

  ClassPatterns(int classes) {
    Random random = new Random(42);
    patterns = new double[classes][PER_SIDE * PER_SIDE * GeneratedTable.CHANNELS];
    for (double[] pattern : patterns) {
      for (int i = 0; i < pattern.length; i++) {
        pattern[i] = STRENGTH * random.nextGaussian();
      }
    }
  }

  /** Draws a class and lays its pattern over an image. */
  int lay(byte[] image, Random random) {
    int label = random.nextInt(patterns.length);
    for (int i = 0; i < image.length; i++) {
      int channel = i % GeneratedTable.CHANNELS;
      int column = i / GeneratedTable.CHANNELS % GeneratedTable.SIDE / SQUARE;
      int row = i / GeneratedTable.CHANNELS / GeneratedTable.SIDE / SQUARE;
      int square = (row * PER_SIDE + column) * GeneratedTable.CHANNELS + channel;
      double value = (image[i] & 0xff) + patterns[label][square];
      image[i] = (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
    return label;
  }
}
