package io.lepton.tf.model;

import java.util.Map;

/** A recurrent layer in plain loops. */
final class ReferenceCell {
  private final RecurrentLayer.Cell cell;
  private final int units;
  private final int channels;
  private final float[] kernel;
  private final float[] recurrent;
  private final float[] bias;

  /** One with normal weights. */
  ReferenceCell(RecurrentLayer.Cell cell, int units, int channels, long seed) {
    boolean lstm = cell == RecurrentLayer.Cell.LSTM;
    int columns = units * (lstm ? 4 : 3);
    this.cell = cell;
    this.units = units;
    this.channels = channels;
    kernel = Models.normals(channels * columns, seed);
    recurrent = Models.normals(units * columns, seed + 1);
    bias = Models.normals(lstm ? columns : 2 * columns, seed + 2);
  }

  Map<String, float[]> weights(String layer) {
    return Map.of(
        layer + "/kernel", kernel,
        layer + "/recurrent-kernel", recurrent,
        layer + "/bias", bias);
  }

  /** Outputs after each step, in the order of reading. */
  double[] outputs(float[] x, float[] mask, int steps, boolean backwards) {
    int examples = mask.length / steps;
    double[] outputs = new double[examples * steps * units];
    for (int example = 0; example < examples; example++) {
      double[] output = new double[units];
      double[] memory = new double[units];
      for (int i = 0; i < steps; i++) {
        int at = example * steps + (backwards ? steps - 1 - i : i);
        if (mask[at] == 1) {
          double[] before = output.clone();
          for (int unit = 0; unit < units; unit++) {
            if (cell == RecurrentLayer.Cell.LSTM) {
              memory[unit] =
                  sigmoid(sum(x, at, before, 1, unit)) * memory[unit]
                      + sigmoid(sum(x, at, before, 0, unit))
                          * Math.tanh(sum(x, at, before, 2, unit));
              output[unit] = sigmoid(sum(x, at, before, 3, unit)) * Math.tanh(memory[unit]);
            } else {
              double update = sigmoid(sum(x, at, before, 0, unit));
              double reset = sigmoid(sum(x, at, before, 1, unit));
              double candidate = Math.tanh(in(x, at, 2, unit) + reset * back(before, 2, unit));
              output[unit] = update * before[unit] + (1 - update) * candidate;
            }
          }
        }
        System.arraycopy(output, 0, outputs, (example * steps + i) * units, units);
      }
    }
    return outputs;
  }

  private double sum(float[] x, int at, double[] before, int part, int unit) {
    return in(x, at, part, unit) + back(before, part, unit);
  }

  private double in(float[] x, int at, int part, int unit) {
    int column = part * units + unit;
    double sum = bias[column];
    for (int i = 0; i < channels; i++) {
      sum += (double) x[at * channels + i] * kernel[i * columns() + column];
    }
    return sum;
  }

  private double back(double[] before, int part, int unit) {
    int column = part * units + unit;
    double sum = cell == RecurrentLayer.Cell.GRU ? bias[columns() + column] : 0;
    for (int i = 0; i < units; i++) {
      sum += before[i] * recurrent[i * columns() + column];
    }
    return sum;
  }

  private int columns() {
    return recurrent.length / units;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
