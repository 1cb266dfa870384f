package io.lepton.tf.model;

import io.lepton.tf.Variable.Role;
import java.util.List;

/**
 * A variable of a layer.
 *
 * @param name {@code layer/kernel}, {@code layer/bias} and so on
 * @param role {@code WEIGHT} or {@code STATE}
 */
record Weight(String name, List<Integer> shape, Initializer initializer, Role role) {
  private static final Initializer EMBEDDINGS = new Initializer.Uniform(-0.05, 0.05);

  /** One that is learned. */
  static Weight learned(String layer, String name, List<Integer> shape, Initializer initializer) {
    return new Weight(layer + "/" + name, shape, initializer, Role.WEIGHT);
  }

  /** One that training steps set without a gradient. */
  static Weight state(String layer, String name, List<Integer> shape, Initializer initializer) {
    return new Weight(layer + "/" + name, shape, initializer, Role.STATE);
  }

  /** A kernel whose last two dimensions are in and out. */
  static Weight kernel(String layer, List<Integer> shape) {
    return learned(layer, "kernel", shape, Initializer.GLOROT_UNIFORM);
  }

  static Weight bias(String layer, int size) {
    return bias(layer, List.of(size));
  }

  static Weight bias(String layer, List<Integer> shape) {
    return learned(layer, "bias", shape, Initializer.ZEROS);
  }

  static Weight embeddings(String layer, int size, int dimension) {
    return learned(layer, "embeddings", List.of(size, dimension), EMBEDDINGS);
  }

  /** The name within its layer. */
  String shortName() {
    return name.substring(name.indexOf('/') + 1);
  }

  /** The same with other initial values. */
  Weight startingFrom(Initializer other) {
    return new Weight(name, shape, other, role);
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
