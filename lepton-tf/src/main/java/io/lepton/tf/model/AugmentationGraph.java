package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** An input's augmentations in the training graph. No gradient passes through them. */
final class AugmentationGraph {
  private AugmentationGraph() {}

  /**
   * Emits them.
   *
   * @param noise of the batch, the same for all inputs
   * @param batch examples of the input, {@code [n, shape…]}; images and tables are cast to float32
   * @throws ModelException if the input cannot be augmented so
   */
  static Augmented emit(
      Ops tf,
      CounterNoise noise,
      ColumnSpec input,
      List<Augmentation> augmentations,
      Operand<? extends TType> batch) {
    AugmentationRules.check(input, augmentations);
    if (augmentations.isEmpty()) {
      return new Augmented(batch, Optional.empty());
    }
    List<PlacedAugmentation> list = PlacedAugmentation.of(tf, noise, input.name(), augmentations);
    return switch (InputKind.of(augmentations.get(0))) {
      case IMAGE ->
          ImageAugmentation.emit(tf, ImageShape.of(input.shape()), list, floats(tf, batch));
      case TABLE ->
          unmixed(TableAugmentation.emit(tf, noise, input.width(), list, floats(tf, batch)));
      case TEXT -> unmixed(TextAugmentation.emit(tf, noise, input.width(), list, tokens(batch)));
    };
  }

  private static Augmented unmixed(Operand<? extends TType> value) {
    return new Augmented(value, Optional.empty());
  }

  private static Operand<TFloat32> floats(Ops tf, Operand<? extends TType> batch) {
    return tf.dtypes.cast(batch, TFloat32.class);
  }

  private static Operand<TInt32> tokens(Operand<? extends TType> batch) {
    return batch.op().output(batch.asOutput().index());
  }
}
