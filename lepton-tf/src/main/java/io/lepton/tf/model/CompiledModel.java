package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import java.util.List;

/**
 * A program, the values its variables start from, and what there is to print of its layers.
 *
 * @param program to run
 * @param initialParameters the flat vector of {@code program.vectorSize()} elements, padding zeros;
 *     nobody may write to it
 * @param layers one summary a layer, in order
 */
public record CompiledModel(
    TrainingProgram program, FlatVector initialParameters, List<LayerSummary> layers) {
  /**
   * A variable of programs that compute in float16: how many steps were left out because a gradient
   * was not finite.
   */
  public static final String SKIPPED_STEPS = LossScale.SKIPPED;

  /** Another one: the power of two that losses are multiplied by, to be rounded down. */
  public static final String LOSS_SCALE_EXPONENT = LossScale.EXPONENT;

  public CompiledModel {
    layers = List.copyOf(layers);
  }
}
