package io.lepton.tf.model;

import io.lepton.tf.TrainingProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A program, the values its variables start from, and what there is to print of its layers.
 *
 * @param program to run
 * @param initialParameters the flat vector: {@code program.vectorSize()} float32 in native order,
 *     direct, aligned to 64 bytes, read-only; padding is zeros
 * @param layers one summary a layer, in order
 */
public record CompiledModel(
    TrainingProgram program, ByteBuffer initialParameters, List<LayerSummary> layers) {
  /**
   * A variable of programs that compute in float16: how many steps were left out because a gradient
   * was not finite.
   */
  public static final String SKIPPED_STEPS = LossScale.SKIPPED;

  /** Another one: the power of two that losses are multiplied by, to be rounded down. */
  public static final String LOSS_SCALE_EXPONENT = LossScale.EXPONENT;

  public CompiledModel {
    initialParameters = view(initialParameters);
    layers = List.copyOf(layers);
  }

  /** A view with its own position, at 0. */
  @Override
  public ByteBuffer initialParameters() {
    return view(initialParameters);
  }

  private static ByteBuffer view(ByteBuffer buffer) {
    return buffer.asReadOnlyBuffer().clear().order(ByteOrder.nativeOrder());
  }
}
