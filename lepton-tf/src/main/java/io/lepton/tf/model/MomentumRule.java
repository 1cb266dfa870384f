package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/** Gradient descent with momentum. */
record MomentumRule(Weight weight, double momentum, boolean nesterov) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of(Slot.beside(weight, "v"));
  }

  @Override
  public Reach reach() {
    return Reach.ELEMENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> v = a.sum(a.product(momentum, values.get(1)), gradient);
    Operand<TFloat32> direction = nesterov ? a.sum(gradient, a.product(momentum, v)) : v;
    return List.of(a.difference(values.get(0), a.product(step.rate(), direction)), v);
  }

  @Override
  public Optional<Operation> inPlace(
      Ops tf, Step step, List<Operand<?>> handles, Operand<TFloat32> gradient) {
    return Optional.of(
        tf.train
            .resourceApplyMomentum(
                handles.get(0),
                handles.get(1),
                step.rate(),
                gradient,
                tf.constant((float) momentum),
                ResourceApplyMomentum.useNesterov(nesterov))
            .op());
  }
}
