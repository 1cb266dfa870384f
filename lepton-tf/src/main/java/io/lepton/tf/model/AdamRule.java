package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam, after decoupled decay if there is any, with the numbers of Keras. TensorFlow's kernel takes
 * 1 - beta2 from a beta2 that is rounded to float32 already, which for 0.999 makes it 5e-5 larger
 * than Keras has it; rate and epsilon make up for that.
 */
record AdamRule(Weight weight, double beta1, double beta2, double epsilon, double decay)
    implements UpdateRule {
  @Override
  public List<Slot> slots() {
    return List.of(Slot.beside(weight, "m"), Slot.beside(weight, "v"));
  }

  @Override
  public Reach reach() {
    return Reach.ELEMENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> m = a.fade(beta1, values.get(1), gradient);
    Operand<TFloat32> v = a.fade(beta2, values.get(2), a.square(gradient));
    Operand<TFloat32> rate =
        a.quotient(
            a.product(step.rate(), a.root(a.difference(1, a.power(beta2, step.number())))),
            a.difference(1, a.power(beta1, step.number())));
    Operand<TFloat32> change = a.quotient(a.product(rate, m), a.sum(a.root(v), epsilon));
    Operand<TFloat32> decayed =
        decay == 0
            ? values.get(0)
            : a.product(a.difference(1, a.product(decay, step.rate())), values.get(0));
    return List.of(a.difference(decayed, change), m, v);
  }

  @Override
  public Optional<Operation> inPlace(
      Ops tf, Step step, List<Operand<?>> handles, Operand<TFloat32> gradient) {
    Ops after = decay == 0 ? tf : decayed(tf, step, handles.get(0), gradient);
    Arithmetic a = new Arithmetic(tf);
    double root = Math.sqrt(excess(beta2));
    return Optional.of(
        after
            .train
            .resourceApplyAdam(
                handles.get(0),
                handles.get(1),
                handles.get(2),
                a.power(beta1, step.number()),
                a.power(beta2, step.number()),
                a.product(root / excess(beta1), step.rate()),
                a.number(beta1),
                a.number(beta2),
                a.number(epsilon * root),
                gradient)
            .op());
  }

  /** The kernel's share of what is new in a moving mean, over that of Keras. */
  private static double excess(double beta) {
    return (1 - (float) beta) / (double) (float) (1 - beta);
  }

  // After the gradient, which is not there in a step that only accumulates.
  private Ops decayed(Ops tf, Step step, Operand<?> handle, Operand<TFloat32> gradient) {
    Ops then = tf.withControlDependencies(gradient);
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> value = then.readVariableOp(handle, TFloat32.class);
    Operand<TFloat32> lost = a.product(a.product(decay, step.rate()), value);
    return tf.withControlDependencies(then.assignSubVariableOp(handle, lost));
  }
}
