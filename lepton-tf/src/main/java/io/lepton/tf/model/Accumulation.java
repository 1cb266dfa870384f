package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Adds gradients up over steps. What is kept are sums of gradients times the weights of their
 * batches, and the sum of those: the mean is that of one large batch, however unequal the parts,
 * and averaging the state of replicas leaves a mean of all their batches.
 *
 * @param handles of the variables, by name
 * @param steps in a group
 */
record Accumulation(Ops tf, Map<String, Operation> handles, int steps) {
  private static final String WEIGHT = "optimizer/accumulated";

  /** What is kept beside weights. */
  static List<Slot> slots(List<Weight> weights) {
    List<Slot> slots = new ArrayList<>();
    weights.forEach(weight -> slots.add(Slot.beside(weight, "sum")));
    slots.add(new Slot(WEIGHT, List.of(), 0));
    return slots;
  }

  /**
   * What a step adds, and what there is after it.
   *
   * @param gradients means over the group; there only in its last step, so that nothing that takes
   *     them runs in the others
   * @param updates to run in every step
   */
  record Sums(Map<String, Gradient> gradients, List<Operation> updates) {}

  /**
   * Emits the sums.
   *
   * @param gradients means over a batch
   * @param weight of the batch
   * @param step steps taken before this one
   */
  Sums emit(Map<String, Gradient> gradients, Operand<TFloat32> weight, Operand<TInt64> step) {
    Operand<TInt64> after = tf.math.add(step, tf.constant(1L));
    Operand<TBool> due =
        tf.math.equal(tf.math.floorMod(after, tf.constant((long) steps)), tf.constant(0L));
    Op last = tf.identity(tf.switchCond(due, due).outputTrue());
    List<Operation> updates = new ArrayList<>();
    Op weighed = tf.assignAddVariableOp(handle(WEIGHT), weight);
    updates.add(weighed.op());
    Operand<TFloat32> total = take(WEIGHT, weighed, last, updates);
    Map<String, Gradient> means = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) -> {
          String sum = name + "/sum";
          Op added = add(sum, gradient.with(tf.math.mul(weight, gradient.values())));
          updates.add(added.op());
          Operand<TFloat32> taken = take(sum, added, last, updates);
          means.put(name, Gradient.whole(tf.math.divNoNan(taken, total)));
        });
    return new Sums(means, updates);
  }

  private Op add(String name, Gradient gradient) {
    return gradient
        .ids()
        .<Op>map(ids -> tf.resourceScatterAdd(handle(name), ids, gradient.values()))
        .orElseGet(() -> tf.assignAddVariableOp(handle(name), gradient.values()));
  }

  /** The value after an operation, in the last step only; the variable is 0 again then. */
  private Operand<TFloat32> take(String name, Op after, Op last, List<Operation> updates) {
    Operand<TFloat32> taken =
        tf.withControlDependencies(after, last).readVariableOp(handle(name), TFloat32.class);
    updates.add(tf.assignVariableOp(handle(name), tf.zerosLike(taken)).op());
    return taken;
  }

  private Operand<?> handle(String name) {
    return handles.get(name).output(0);
  }
}
