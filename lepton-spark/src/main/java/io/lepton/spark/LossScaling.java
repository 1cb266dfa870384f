package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;

/** What parameters tell of the scale of the loss, in programs that scale it. */
record LossScaling(TrainingProgram program) {
  /** What the next steps multiply the loss by; 1 if it is not scaled. */
  double scale(FlatVector parameters) {
    return Math.pow(2, Math.floor(value(CompiledModel.LOSS_SCALE_EXPONENT, parameters)));
  }

  /** Steps of a replica without effect for gradients that were not finite. */
  double skippedSteps(FlatVector parameters) {
    return value(CompiledModel.SKIPPED_STEPS, parameters);
  }

  private double value(String name, FlatVector parameters) {
    return program.variables().stream()
        .filter(variable -> variable.name().equals(name))
        .mapToDouble(variable -> parameters.get(variable.offset()))
        .sum();
  }
}
