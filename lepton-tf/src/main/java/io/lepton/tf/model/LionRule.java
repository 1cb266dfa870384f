package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Lion. */
record LionRule(Weight weight, Optimizer.Lion lion, double decay) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of(Slot.beside(weight, "m"));
  }

  @Override
  public Reach reach() {
    return Reach.ELEMENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> w = values.get(0);
    Operand<TFloat32> sign = tf.math.sign(a.fade(lion.beta1(), values.get(1), gradient));
    Operand<TFloat32> change = decay == 0 ? sign : a.sum(sign, a.product(decay, w));
    return List.of(
        a.difference(w, a.product(step.rate(), change)),
        a.fade(lion.beta2(), values.get(1), gradient));
  }
}
