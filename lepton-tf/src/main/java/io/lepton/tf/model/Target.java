package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.io.Serializable;
import java.util.List;

/**
 * Something a model learns: a label, and the output a loss compares with it.
 *
 * @param label a column of the chunk, for one example of any shape; class labels are uint8, int32
 *     or int64, measured ones float32. If it is the column of one of the model's inputs, no column
 *     is added to the chunk and outputs are compared with that input as prepared, before it is
 *     augmented: a denoising autoencoder
 * @param loss of one element; an example's is the mean over its elements
 * @param output the node whose output the loss sees; empty for the last
 * @param weight factor of this target in the loss of the model
 * @param classWeights one for each class, or empty. While training, and not in evaluation, an
 *     example's weight is multiplied by that of its class, as by class_weight in Keras; of several
 *     targets with class weights, by each
 */
public record Target(
    ColumnSpec label, Loss loss, String output, double weight, List<Double> classWeights)
    implements Serializable {
  public Target {
    classWeights = List.copyOf(classWeights);
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight must be positive, but was: " + weight);
    }
    for (double classWeight : classWeights) {
      if (!(classWeight >= 0) || Double.isInfinite(classWeight)) {
        throw new IllegalArgumentException(
            "class weights must be finite and not negative, but were: " + classWeights);
      }
    }
  }

  /** The last node's output against a label. */
  public static Target of(ColumnSpec label, Loss loss) {
    return new Target(label, loss, "", 1, List.of());
  }

  /** An output that should give a model's input, as prepared, by squared error. */
  public static Target reconstruction(ModelInput input, String output) {
    return new Target(input.column(), new Loss.SquaredError(), output, 1, List.of());
  }

  /** The name of its metrics and outputs. */
  String name() {
    return label.name();
  }
}
