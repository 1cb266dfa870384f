package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Adagrad. TensorFlow's own operations have epsilon outside the root, or none. */
record AdagradRule(Weight weight, Optimizer.Adagrad adagrad) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of(Slot.beside(weight, "a", adagrad.initialAccumulator()));
  }

  @Override
  public Reach reach() {
    return Reach.GRADIENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> squares = a.sum(values.get(1), a.square(gradient));
    Operand<TFloat32> change =
        a.quotient(a.product(step.rate(), gradient), a.root(a.sum(squares, adagrad.epsilon())));
    return List.of(a.difference(values.get(0), change), squares);
  }
}
