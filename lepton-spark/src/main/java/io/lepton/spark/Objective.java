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
 * @param balanced whether class weights are those that make all classes of the training set weigh
 *     as much together, {@code rows / (classes · rows of the class)}; then none are given
 */
public record Objective(
    String label,
    Loss loss,
    String output,
    double weight,
    List<Double> classWeights,
    boolean balanced)
    implements Serializable {
  public Objective {
    classWeights = List.copyOf(classWeights);
    if (balanced && !classWeights.isEmpty()) {
      throw new IllegalArgumentException(
          "class weights must be balanced or given, but were both: " + classWeights);
    }
    if (balanced && loss.classes() == 0) {
      throw new IllegalArgumentException(
          "balanced class weights need a loss of classes, but it was: " + loss.title());
    }
  }

  /** With the class weights that are given. */
  public Objective(
      String label, Loss loss, String output, double weight, List<Double> classWeights) {
    this(label, loss, output, weight, classWeights, false);
  }

  /** Of the only label. */
  public static List<Objective> of(Loss loss) {
    return List.of(new Objective(LabelSpec.ONLY, loss, "", 1, List.of()));
  }
}
