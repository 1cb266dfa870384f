package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.tf.Variable;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.spark.sql.Row;

/** Arithmetic of the linear model of a {@link Table}: three slopes and a bias. */
final class Lines {
  private Lines() {}

  /** What a training started from. */
  static double[] start(TrainingResult result) {
    double[] start = new double[4];
    FloatBuffer initial = result.compiled().initialParameters().floats();
    int at = 0;
    for (Variable variable : result.compiled().program().variables()) {
      for (int i = 0; i < variable.size() && variable.trainable(); i++) {
        start[at++] = initial.get((int) variable.offset() + i);
      }
    }
    return start;
  }

  /** Of the mean squared error over rows. */
  static double[] gradient(List<Row> rows, double[] line) {
    double[] gradient = new double[4];
    for (Row row : rows) {
      for (int i = 0; i < 4; i++) {
        gradient[i] += 2 * error(line, row) * input(row, i) / rows.size();
      }
    }
    return gradient;
  }

  /** Mean squared error. */
  static double loss(List<Row> rows, double[] line) {
    return rows.stream().mapToDouble(row -> Math.pow(error(line, row), 2)).average().orElseThrow();
  }

  static void assertClose(TrainingResult result, double[] expected) {
    float[] weights = Table.weights(result);
    for (int i = 0; i < 4; i++) {
      assertThat((double) weights[i]).isEqualTo(expected[i], offset(1e-5));
    }
  }

  private static double error(double[] line, Row row) {
    double error = -row.getFloat(3);
    for (int i = 0; i < 4; i++) {
      error += line[i] * input(row, i);
    }
    return error;
  }

  private static double input(Row row, int i) {
    return i < 3 ? row.getFloat(i) : 1;
  }
}
