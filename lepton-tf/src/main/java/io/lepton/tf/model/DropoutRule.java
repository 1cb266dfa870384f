package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What a dropout layer does to its input. */
interface DropoutRule {
  /** Nothing. */
  DropoutRule OFF = (tf, layer, rate, input, shape) -> input;

  /**
   * Emits it.
   *
   * @param layer position in the model's list
   * @param shape of one example
   */
  Operand<TFloat32> emit(
      Ops tf, int layer, double rate, Operand<TFloat32> input, List<Integer> shape);
}
