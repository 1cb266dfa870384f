package io.lepton.spark;

import io.lepton.spark.data.DataSpec;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import java.util.List;

/**
 * What to train.
 *
 * @param name of the model
 * @param data how columns become inputs, labels and weight
 * @param start what the model brings besides its layers
 * @param objectives one for each label
 * @param optimizer of the local steps
 * @param updates what happens around its rule
 * @param validationFraction share of the training rows to validate on when no validation data is
 *     given
 */
public record TrainingJob(
    String name,
    DataSpec data,
    List<Node> layers,
    ModelStart start,
    List<Objective> objectives,
    Optimizer optimizer,
    UpdateOptions updates,
    TrainingOptions options,
    double validationFraction) {
  public TrainingJob {
    layers = List.copyOf(layers);
    objectives = List.copyOf(objectives);
  }

  /** A job whose weights start from the seed and change by the optimizer's rule. */
  public TrainingJob(
      String name,
      DataSpec data,
      List<Node> layers,
      List<Objective> objectives,
      Optimizer optimizer,
      TrainingOptions options,
      double validationFraction) {
    this(
        name,
        data,
        layers,
        ModelStart.OF_LAYERS,
        objectives,
        optimizer,
        UpdateOptions.PLAIN,
        options,
        validationFraction);
  }

  /** Of each replica, before the schedule. */
  double learningRate() {
    return optimizer.learningRate() * options.averaging().rateScale().factor(options.replicas());
  }

  /** The same with so many replicas. */
  public TrainingJob withReplicas(int replicas) {
    return new TrainingJob(
        name,
        data,
        layers,
        start,
        objectives,
        optimizer,
        updates,
        options.withReplicas(replicas),
        validationFraction);
  }
}
