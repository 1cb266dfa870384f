package io.lepton.benchmarks;

import java.util.Random;

/** A small random network of tanh whose strongest output is the class; some noise decides ties. */
final class Teacher {
  private static final double NOISE = 0.1;

  private final double mean;
  private final double[][] hidden;
  private final double[][] outputs;

  /**
   * Weights by a seed.
   *
   * @param inputs how many of an example's first numbers it looks at
   * @param mean of these numbers
   * @param deviation of these numbers
   */
  Teacher(int inputs, int width, int classes, double mean, double deviation) {
    Random random = new Random(42);
    this.mean = mean;
    this.hidden = matrix(width, inputs, 1.5 / deviation / Math.sqrt(inputs), random);
    this.outputs = matrix(classes, width, 1 / Math.sqrt(width), random);
  }

  /** The class of an example of floats. */
  int label(Object[] numbers, Random random) {
    double[] active = new double[hidden.length];
    for (int unit = 0; unit < hidden.length; unit++) {
      double sum = 0;
      for (int i = 0; i < hidden[unit].length; i++) {
        sum += hidden[unit][i] * ((Float) numbers[i] - mean);
      }
      active[unit] = Math.tanh(sum);
    }
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int label = 0; label < outputs.length; label++) {
      double sum = NOISE * random.nextGaussian();
      for (int unit = 0; unit < active.length; unit++) {
        sum += outputs[label][unit] * active[unit];
      }
      if (sum > highest) {
        highest = sum;
        best = label;
      }
    }
    return best;
  }

  private static double[][] matrix(int rows, int columns, double scale, Random random) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = scale * random.nextGaussian();
      }
    }
    return matrix;
  }
}
