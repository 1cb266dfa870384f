package io.lepton.tf.model;

import java.util.List;

/**
 * A weight of a layer.
 *
 * @param name {@code layer/kernel}, {@code layer/bias} and the like
 * @param bound initial values are uniform in {@code [−bound, bound)}; 0 for zeros
 */
record Weight(String name, List<Integer> shape, double bound) {
  private static final double EMBEDDING_BOUND = 0.05;

  /**
   * Glorot's uniform values (AISTATS 2010) for a kernel whose last two dimensions are in and out.
   */
  static Weight kernel(String layer, List<Integer> shape) {
    int rank = shape.size();
    double receptiveField =
        shape.stream().limit(rank - 2).mapToDouble(d -> d).reduce(1, (a, b) -> a * b);
    double fans = receptiveField * ((double) shape.get(rank - 2) + shape.get(rank - 1));
    return new Weight(layer + "/kernel", shape, StrictMath.sqrt(6 / fans));
  }

  static Weight bias(String layer, int size) {
    return new Weight(layer + "/bias", List.of(size), 0);
  }

  static Weight embeddings(String layer, int size, int dimension) {
    return new Weight(layer + "/embeddings", List.of(size, dimension), EMBEDDING_BOUND);
  }

  /** The shape as a tensor's dimensions. */
  long[] dimensions() {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }

  /** Number of elements, {@code Long.MAX_VALUE} if there are more. */
  long size() {
    double size = shape.stream().mapToDouble(d -> d).reduce(1, (a, b) -> a * b);
    return (long) size;
  }
}
