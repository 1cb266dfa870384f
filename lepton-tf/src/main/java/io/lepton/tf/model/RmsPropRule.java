package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** RMSProp. Slots are v, then the momentum and the mean gradient as far as they are wanted. */
record RmsPropRule(Weight weight, Optimizer.RmsProp rms) implements UpdateRule {
  @Override
  public List<Slot> slots() {
    List<Slot> slots = new ArrayList<>();
    slots.add(Slot.beside(weight, "v"));
    if (rms.momentum() > 0) {
      slots.add(Slot.beside(weight, "momentum"));
    }
    if (rms.centered()) {
      slots.add(Slot.beside(weight, "mean"));
    }
    return slots;
  }

  @Override
  public Reach reach() {
    return Reach.ELEMENT;
  }

  @Override
  public List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient) {
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> v = a.fade(rms.rho(), values.get(1), a.square(gradient));
    Operand<TFloat32> mean =
        rms.centered() ? a.fade(rms.rho(), values.get(values.size() - 1), gradient) : null;
    Operand<TFloat32> variance = rms.centered() ? a.difference(v, a.square(mean)) : v;
    Operand<TFloat32> change =
        a.quotient(a.product(step.rate(), gradient), a.root(a.sum(variance, rms.epsilon())));
    List<Operand<TFloat32>> next = new ArrayList<>();
    next.add(v);
    if (rms.momentum() > 0) {
      change = a.sum(a.product(rms.momentum(), values.get(2)), change);
      next.add(change);
    }
    if (rms.centered()) {
      next.add(mean);
    }
    next.add(0, a.difference(values.get(0), change));
    return next;
  }

  // Those of TensorFlow always keep a momentum.
  @Override
  public Optional<Operation> inPlace(
      Ops tf, Step step, List<Operand<?>> handles, Operand<TFloat32> gradient) {
    if (rms.momentum() == 0) {
      return Optional.empty();
    }
    Arithmetic a = new Arithmetic(tf);
    Operand<TFloat32> rho = a.number(rms.rho());
    Operand<TFloat32> momentum = a.number(rms.momentum());
    Operand<TFloat32> epsilon = a.number(rms.epsilon());
    return Optional.of(
        rms.centered()
            ? tf.train
                .resourceApplyCenteredRmsProp(
                    handles.get(0),
                    handles.get(3),
                    handles.get(1),
                    handles.get(2),
                    step.rate(),
                    rho,
                    momentum,
                    epsilon,
                    gradient)
                .op()
            : tf.train
                .resourceApplyRmsProp(
                    handles.get(0),
                    handles.get(1),
                    handles.get(2),
                    step.rate(),
                    rho,
                    momentum,
                    epsilon,
                    gradient)
                .op());
  }
}
