package io.lepton.spark.data;

import io.lepton.arrow.ElementType;
import io.lepton.tf.model.Augmentation;
import java.io.Serializable;
import java.util.List;

/**
 * One input of a model and the columns of the DataFrame it is made of.
 *
 * @param name the port's name
 * @param columns in this order. A name that ends in {@code *} stands for all columns that start so
 *     but the labels and the weight, in the order of the schema
 * @param kind what the columns hold and how it is prepared
 * @param augmentations changes made while training only, in this order
 */
public record InputSpec(
    String name, List<String> columns, InputKind kind, List<Augmentation> augmentations)
    implements Serializable {
  public InputSpec {
    columns = List.copyOf(columns);
    augmentations = List.copyOf(augmentations);
  }

  /** Without augmentations. */
  public InputSpec(String name, List<String> columns, InputKind kind) {
    this(name, columns, kind, List.of());
  }

  /** Numbers as they are, none of them missing. */
  public static InputSpec numbers(
      String name, List<String> columns, ElementType type, List<Integer> shape) {
    return new InputSpec(name, columns, InputKind.Numbers.plain(type, shape));
  }

  /** Raw images of uint8 {@code [height, width, channels]}, none of them missing. */
  public static InputSpec image(String name, String column, List<Integer> shape) {
    return new InputSpec(
        name, List.of(column), new InputKind.Image(shape, ImageEncoding.RAW, Missing.FAIL));
  }
}
