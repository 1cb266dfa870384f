package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** LAMB. */
record LambRule(Weight weight, Optimizer.Lamb lamb, double decay) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of(Slot.beside(weight, "m"), Slot.beside(weight, "v"));
  }

  @Override
  public Reach reach() {
    return Reach.WEIGHT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> w = values.get(0);
    Operand<TFloat32> m = a.fade(lamb.beta1(), values.get(1), gradient);
    Operand<TFloat32> v = a.fade(lamb.beta2(), values.get(2), a.square(gradient));
    Operand<TFloat32> mean = a.quotient(m, a.difference(1, a.power(lamb.beta1(), step.number())));
    Operand<TFloat32> variance =
        a.quotient(v, a.difference(1, a.power(lamb.beta2(), step.number())));
    Operand<TFloat32> adam = a.quotient(mean, a.sum(a.root(variance), lamb.epsilon()));
    Operand<TFloat32> change = decay == 0 ? adam : a.sum(adam, a.product(decay, w));
    Operand<TFloat32> rate = a.product(step.rate(), trust(a, a.norm(w), a.norm(change)));
    return List.of(a.difference(w, a.product(rate, change)), m, v);
  }

  private static Operand<TFloat32> trust(
      Arithmetic a, Operand<TFloat32> weight, Operand<TFloat32> change) {
    Ops tf = a.tf();
    Operand<TFloat32> ratio = tf.math.divNoNan(weight, change);
    Operand<TFloat32> zero = a.number(0);
    return tf.select(tf.math.greater(ratio, zero), ratio, a.number(1));
  }
}
