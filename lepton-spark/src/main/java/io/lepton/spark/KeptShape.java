package io.lepton.spark;

import io.lepton.spark.averaging.Averaging;
import io.lepton.tf.TrainingProgram;
import java.io.Serializable;

/**
 * What a replica keeps between rounds because it is not sent.
 *
 * @param residual elements of what the codec lost; 0 without error feedback
 * @param state elements of the optimizer's state; 0 unless it is kept
 */
record KeptShape(long residual, long state) implements Serializable {
  static final KeptShape NOTHING = new KeptShape(0, 0);

  /** That of a training. */
  static KeptShape of(DeltaForm form, Averaging averaging, TrainingProgram program) {
    boolean kept = averaging.optimizerState() == Averaging.OptimizerState.KEPT;
    long state = kept ? program.vectorSize() - program.sizeWithoutOptimizer() : 0;
    return new KeptShape(form.feedback() ? form.size() : 0, state);
  }

  boolean isNothing() {
    return residual == 0 && state == 0;
  }

  /** Elements of both and of the step that the state began with. */
  long size() {
    return residual + state + Long.BYTES / Float.BYTES;
  }
}
