package io.lepton.spark;

import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Loss;
import java.io.Serializable;
import java.util.List;

/**
 * What learning a label means.
 *
 * @param label its name
 * @param loss to lower
 * @param output the layer whose output the loss sees; empty for the last
 * @param weight factor in the loss of the model
 * @param classWeights of examples of each class, while training only; empty for none
 */
public record Objective(
    String label, Loss loss, String output, double weight, List<Double> classWeights)
    implements Serializable {
  public Objective {
    classWeights = List.copyOf(classWeights);
  }

  /** Of the only label. */
  public static List<Objective> of(Loss loss) {
    return List.of(new Objective(LabelSpec.ONLY, loss, "", 1, List.of()));
  }
}
