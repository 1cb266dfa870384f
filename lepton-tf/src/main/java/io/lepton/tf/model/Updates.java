package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Changes weights by gradients.
 *
 * @param handles of all variables, by name
 * @param learningRate before factors
 * @param step steps taken before this one
 */
record Updates(
    Ops tf,
    Learning learning,
    List<Weight> weights,
    Map<String, Operation> handles,
    Operand<TFloat32> learningRate,
    Operand<TInt64> step) {

  /** Whether of a table only rows with a gradient change. */
  static boolean byRow(Learning learning, Weight weight) {
    UpdateRule.Reach reach = UpdateRule.of(learning.optimizer(), weight).reach();
    UpdateOptions options = learning.options();
    return !options.freezes(weight.name())
        && options.accumulate() == 1
        && (reach == UpdateRule.Reach.GRADIENT
            || (options.lazy() && reach == UpdateRule.Reach.ELEMENT));
  }

  /**
   * Emits the changes.
   *
   * @param gradients of the trained weights, means over a batch
   * @param batchWeight sum of the weights of its examples
   */
  List<Operation> emit(Map<String, Gradient> gradients, Operand<TFloat32> batchWeight) {
    UpdateOptions options = learning.options();
    List<Operation> updates = new ArrayList<>();
    Map<String, Gradient> means = gradients;
    if (options.accumulate() > 1) {
      Accumulation.Sums sums =
          new Accumulation(tf, handles, options.accumulate()).emit(gradients, batchWeight, step);
      updates.addAll(sums.updates());
      means = sums.gradients();
    }
    Map<String, Gradient> clipped = ClippingGraph.emit(tf, options.clipping(), means);
    Operand<TFloat32> number = number(options.accumulate());
    for (Weight weight : OptimizerState.trained(learning, weights)) {
      UpdateRule.Step now = new UpdateRule.Step(rate(weight), number);
      updates.addAll(update(weight, now, clipped.get(weight.name())));
    }
    return updates;
  }

  /** The number of an update in the last step of its group. */
  private Operand<TFloat32> number(int group) {
    Operand<TInt64> taken = tf.math.add(step, tf.constant((long) group));
    return tf.dtypes.cast(
        group == 1 ? taken : tf.math.floorDiv(taken, tf.constant((long) group)), TFloat32.class);
  }

  private Operand<TFloat32> rate(Weight weight) {
    double factor = learning.options().rate(weight.name());
    return factor == 1 ? learningRate : tf.math.mul(learningRate, tf.constant((float) factor));
  }

  private List<Operation> update(Weight weight, UpdateRule.Step now, Gradient gradient) {
    UpdateRule rule = UpdateRule.of(learning.optimizer(), weight);
    List<Operand<?>> variables =
        Stream.concat(Stream.of(weight.name()), rule.slots().stream().map(Slot::name))
            .<Operand<?>>map(name -> handles.get(name).output(0))
            .toList();
    if (gradient.ids().isPresent() && byRow(learning, weight)) {
      return updateRows(rule, now, variables, gradient.ids().get(), gradient.values());
    }
    Operand<TFloat32> whole = gradient.whole(tf, weight.shape());
    return rule.inPlace(tf, now, variables, whole)
        .map(List::of)
        .orElseGet(() -> updateAll(rule, now, variables, whole));
  }

  private List<Operation> updateRows(
      UpdateRule rule,
      UpdateRule.Step now,
      List<Operand<?>> variables,
      Operand<TInt64> ids,
      Operand<TFloat32> rows) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    variables.forEach(variable -> values.add(tf.resourceGather(variable, ids, TFloat32.class)));
    List<Operand<TFloat32>> next = rule.next(tf, now, values, rows);
    List<Operation> updates = new ArrayList<>();
    for (Operand<?> variable : variables) {
      updates.add(tf.resourceScatterUpdate(variable, ids, next.get(updates.size())).op());
    }
    return updates;
  }

  private List<Operation> updateAll(
      UpdateRule rule,
      UpdateRule.Step now,
      List<Operand<?>> variables,
      Operand<TFloat32> gradient) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    variables.forEach(variable -> values.add(tf.readVariableOp(variable, TFloat32.class)));
    List<Operand<TFloat32>> next = rule.next(tf, now, values, gradient);
    List<Operation> updates = new ArrayList<>();
    for (Operand<?> variable : variables) {
      updates.add(tf.assignVariableOp(variable, next.get(updates.size())).op());
    }
    return updates;
  }
}
