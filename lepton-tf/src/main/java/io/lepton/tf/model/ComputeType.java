package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The number format in which a program itself, by casts, computes products of layers; gradients
 * follow. Weights and what layers hand on stay float32. In float16 the loss is scaled, as small
 * gradients would be 0.
 *
 * @param float32Layers patterns of names of layers that stay in float32 altogether; a star stands
 *     for any characters
 */
public record ComputeType(Format format, List<String> float32Layers) implements Serializable {
  /** No casts. */
  public static final ComputeType FLOAT32 = new ComputeType(Format.FLOAT32, List.of());

  /** Of the factors and of the product. */
  public enum Format {
    FLOAT32,
    BFLOAT16,
    FLOAT16
  }

  public ComputeType {
    float32Layers = List.copyOf(float32Layers);
  }

  /** What is kept between steps for it. */
  List<Slot> state() {
    return format == Format.FLOAT16 ? LossScale.slots() : List.of();
  }

  void check(Network network) {
    if (format != Format.FLOAT32 && network.signature().isPresent()) {
      throw new ModelException(
          "a model whose gradients come out of a signature must be computed as it says, but casts to %s were wanted; train in float32, or as exported"
              .formatted(format));
    }
    List<String> names = network.parts().stream().map(Network.Part::name).toList();
    float32Layers.stream()
        .filter(pattern -> names.stream().noneMatch(new NamePattern(pattern)::matches))
        .findFirst()
        .ifPresent(
            pattern -> {
              throw new ModelException(
                  "a pattern of layers in float32 must match one, but '%s' matched none of %s; correct it, or leave it out"
                      .formatted(pattern, names));
            });
  }

  /** Multiplies what a layer sees by its kernel. */
  Operand<TFloat32> multiply(
      Ops tf, String layer, Product product, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    if (format == Format.FLOAT32 || NamePattern.anyMatches(float32Layers, layer)) {
      return product.of(x, kernel);
    }
    return format == Format.FLOAT16
        ? multiply(tf, TFloat16.class, product, x, kernel)
        : multiply(tf, TBfloat16.class, product, x, kernel);
  }

  private static <T extends TNumber> Operand<TFloat32> multiply(
      Ops tf, Class<T> type, Product product, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    Operand<T> low = product.of(tf.dtypes.cast(x, type), tf.dtypes.cast(kernel, type));
    return tf.dtypes.cast(low, TFloat32.class);
  }
}
