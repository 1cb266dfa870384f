package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.io.Serializable;
import java.util.List;

/**
 * A column of a chunk that a model sees, and how its values are prepared, on the device, before the
 * first layer. Training, evaluation and the SavedModel, which takes the column as it is stored,
 * prepare it by the same operations.
 *
 * <p>What comes out is float32: booleans and integers are cast before the first transform, float64
 * after the last. Integers without transforms stay what they are for an {@link IdLayer}.
 *
 * @param column as it is stored
 * @param transforms applied in this order
 * @param augmentations of what comes out of the transforms, while training only
 */
public record ModelInput(
    ColumnSpec column, List<Transform> transforms, List<Augmentation> augmentations)
    implements Serializable {
  public ModelInput {
    transforms = List.copyOf(transforms);
    augmentations = List.copyOf(augmentations);
  }

  /** A column that is not augmented. */
  public ModelInput(ColumnSpec column, List<Transform> transforms) {
    this(column, transforms, List.of());
  }

  /** A column as it is stored. */
  public static ModelInput raw(ColumnSpec column) {
    return new ModelInput(column, List.of());
  }

  /** The name that layers know it by: the column's. */
  public String name() {
    return column.name();
  }

  /**
   * The shape of one example as prepared.
   *
   * @throws IllegalArgumentException if the transforms do not fit the column
   */
  public List<Integer> outputShape() {
    return TransformRules.outputShape(column, transforms);
  }

  /**
   * What augmentations are given: the type and the shape of an example as prepared.
   *
   * @throws IllegalArgumentException if the transforms do not fit the column
   */
  ColumnSpec prepared() {
    return new ColumnSpec(name(), ids() ? column.type() : ElementType.FLOAT32, outputShape());
  }

  /** Whether layers may take it as ids. */
  boolean ids() {
    return transforms.stream().allMatch(Transform.Scalar.class::isInstance)
        && TransformRules.isInteger(column.type());
  }
}
