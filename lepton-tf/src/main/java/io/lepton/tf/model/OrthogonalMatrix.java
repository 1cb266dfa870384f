package io.lepton.tf.model;

/**
 * Orthonormal vectors out of Gaussian ones: the Q of a QR decomposition whose R has a positive
 * diagonal, by modified Gram–Schmidt, twice against rounding.
 */
final class OrthogonalMatrix {
  private final double[][] vectors;

  private OrthogonalMatrix(int count, int length) {
    vectors = new double[count][length];
  }

  /**
   * A matrix of orthonormal columns, or of orthonormal rows if there are fewer rows.
   *
   * @return row-major
   */
  static double[] of(int rows, int columns, Draws draws) {
    boolean wide = columns > rows;
    OrthogonalMatrix matrix =
        new OrthogonalMatrix(Math.min(rows, columns), Math.max(rows, columns));
    double[] values = new double[rows * columns];
    for (int v = 0; v < matrix.vectors.length; v++) {
      matrix.make(v, draws);
      for (int i = 0; i < matrix.vectors[v].length; i++) {
        values[wide ? v * columns + i : i * columns + v] = matrix.vectors[v][i];
      }
    }
    return values;
  }

  private void make(int v, Draws draws) {
    double[] vector = vectors[v];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = draws.normal((long) v * vector.length + i);
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int earlier = 0; earlier < v; earlier++) {
        add(vector, vectors[earlier], -product(vector, vectors[earlier]));
      }
    }
    double length = StrictMath.sqrt(product(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
  }

  private static void add(double[] to, double[] other, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * other[i];
    }
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
