package io.lepton.tf.model;

/**
 * Floating-point operations of a layer for one example, forward: two for each product of a kernel
 * with what it slides over. Activations, normalisations and poolings are left out.
 */
final class Flops {
  private Flops() {}

  static long of(Network.Part part) {
    return kernels(part) + products(part);
  }

  private static long kernels(Network.Part part) {
    return part.weights().stream()
        .filter(weight -> weight.name().endsWith("kernel"))
        .mapToLong(weight -> 2 * weight.size() * positions(part))
        .sum();
  }

  /** Of queries with keys, and of shares with values. */
  private static long products(Network.Part part) {
    if (!(part.layer() instanceof AttentionLayer.MultiHeadAttention attention)) {
      return 0;
    }
    long pairs =
        (long) part.shape().get(0)
            * AttentionLayer.MultiHeadAttention.seen(part.inputShapes()).get(0);
    return 2 * pairs * attention.heads() * (attention.keyDim() + attention.valueDim());
  }

  /** How many times a kernel is applied. */
  private static long positions(Network.Part part) {
    if (part.layer() instanceof RecurrentLayer) {
      return part.inputShapes().get(0).get(0);
    }
    return Shapes.elements(part.shape()) / Shapes.last(part.shape());
  }
}
