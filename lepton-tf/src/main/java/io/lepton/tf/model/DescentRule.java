package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Gradient descent without memory. */
record DescentRule() implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public Reach reach() {
    return Reach.GRADIENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    return List.of(tf.math.sub(values.get(0), tf.math.mul(step.rate(), gradient)));
  }

  @Override
  public Optional<Operation> inPlace(
      Ops tf, Step step, List<Operand<?>> handles, Operand<TFloat32> gradient) {
    return Optional.of(
        tf.train.resourceApplyGradientDescent(handles.get(0), step.rate(), gradient).op());
  }
}
