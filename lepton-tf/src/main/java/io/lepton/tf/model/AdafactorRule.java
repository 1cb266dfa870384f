package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Adafactor. Slots are means over the last dimension and over the one before, else v. */
record AdafactorRule(Weight weight, Optimizer.Adafactor adafactor) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    List<Integer> shape = weight.shape();
    int rank = shape.size();
    if (rank < 2) {
      return List.of(Slot.beside(weight, "v"));
    }
    List<Integer> rows = shape.subList(0, rank - 1);
    List<Integer> columns = Shapes.append(shape.subList(0, rank - 2), shape.get(rank - 1));
    return List.of(
        new Slot(weight.name() + "/rows", rows, 0),
        new Slot(weight.name() + "/columns", columns, 0));
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
    Operand<TFloat32> relative =
        tf.math.minimum(step.rate(), a.quotient(a.number(1), a.root(step.number())));
    Operand<TFloat32> rate =
        a.product(tf.math.maximum(a.number(adafactor.epsilon2()), a.rootMeanSquare(w)), relative);
    Operand<TFloat32> beta2 =
        a.difference(1, tf.math.pow(step.number(), a.number(adafactor.beta2Decay())));
    Operand<TFloat32> squares = a.sum(a.square(gradient), adafactor.epsilon1());
    if (weight.shape().size() < 2) {
      Operand<TFloat32> v = a.fade(beta2, values.get(1), squares);
      return List.of(a.difference(w, a.product(rate, clipped(a, gradient, v))), v);
    }
    Operand<TInt32> last = tf.constant(weight.shape().size() - 1);
    Operand<TInt32> before = tf.constant(weight.shape().size() - 2);
    Operand<TFloat32> rows = a.fade(beta2, values.get(1), tf.math.mean(squares, last));
    Operand<TFloat32> columns = a.fade(beta2, values.get(2), tf.math.mean(squares, before));
    Operand<TFloat32> mean = tf.expandDims(tf.math.mean(rows, before), before);
    Operand<TFloat32> v =
        a.product(tf.expandDims(a.quotient(rows, mean), last), tf.expandDims(columns, before));
    return List.of(a.difference(w, a.product(rate, clipped(a, gradient, v))), rows, columns);
  }

  private Operand<TFloat32> clipped(Arithmetic a, Operand<TFloat32> gradient, Operand<TFloat32> v) {
    Operand<TFloat32> change = a.quotient(gradient, a.root(v));
    Operand<TFloat32> size = a.product(1 / adafactor.clipThreshold(), a.rootMeanSquare(change));
    return a.quotient(change, a.tf().math.maximum(a.number(1), size));
  }
}
