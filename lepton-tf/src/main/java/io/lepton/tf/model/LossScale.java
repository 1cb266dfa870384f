package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Dynamic loss scaling (Micikevicius et al., Mixed Precision Training, ICLR 2018): the loss is
 * multiplied by a power of two before it is differentiated, gradients are divided by it. A step
 * with a gradient that is not finite changes no weight and halves the scale; many good ones in a
 * row double it.
 *
 * <p>The state is part of the flat vector. Its exponent is rounded down before each step, so after
 * an average all replicas go on with a lower scale if one of them lowered it, and with a higher one
 * only if all raised it.
 */
final class LossScale {
  static final String SKIPPED = "loss_scale/skipped_steps";

  static final String EXPONENT = "loss_scale/exponent";
  private static final String GOOD = "loss_scale/good_steps";
  private static final double START = 15;
  private static final float LARGEST = 24;
  private static final float GOOD_STEPS = 1000;

  private final Ops tf;
  private final Map<String, Operation> handles;
  private final Operand<TFloat32> exponent;
  private final Operand<TFloat32> scale;

  /**
   * Emits the scale.
   *
   * @param handles of all variables, by name
   */
  LossScale(Ops tf, Map<String, Operation> handles) {
    this.tf = tf;
    this.handles = handles;
    this.exponent = tf.math.floor(read(EXPONENT));
    this.scale = tf.math.pow(tf.constant(2f), exponent);
  }

  /** What is kept beside weights. */
  static List<Slot> slots() {
    return List.of(
        new Slot(EXPONENT, List.of(), START),
        new Slot(GOOD, List.of(), 0),
        new Slot(SKIPPED, List.of(), 0));
  }

  Operand<TFloat64> scaled(Operand<TFloat64> loss) {
    return tf.math.mul(loss, tf.dtypes.cast(scale, TFloat64.class));
  }

  /** Changes weights by gradients of the loss itself. */
  interface Rule {
    List<Operation> emit(Ops tf, Map<String, Gradient> gradients);
  }

  /**
   * Emits a step that is left out, but for the state of the scale, if a gradient is not finite.
   *
   * @param gradients of the scaled loss
   * @param rule must emit all it does in the scope it is given
   */
  List<Operation> step(Map<String, Gradient> gradients, Rule rule) {
    Map<String, Gradient> unscaled = unscaled(gradients);
    Operand<TBool> finite = finite(gradients);
    List<Operation> step = new ArrayList<>(rule.emit(onlyIf(finite), unscaled));
    step.addAll(next(finite));
    return step;
  }

  private Map<String, Gradient> unscaled(Map<String, Gradient> gradients) {
    Operand<TFloat32> factor = tf.math.reciprocal(scale);
    Map<String, Gradient> unscaled = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) ->
            unscaled.put(name, gradient.with(tf.math.mul(gradient.values(), factor))));
    return unscaled;
  }

  private Operand<TBool> finite(Map<String, Gradient> gradients) {
    List<Operand<TBool>> each = new ArrayList<>();
    for (Gradient gradient : gradients.values()) {
      Operand<TFloat32> flat = tf.reshape(gradient.values(), tf.constant(new int[] {-1}));
      each.add(tf.reduceAll(tf.math.isFinite(flat), tf.constant(0)));
    }
    return tf.reduceAll(tf.stack(each), tf.constant(0));
  }

  private Ops onlyIf(Operand<TBool> condition) {
    Operand<TBool> taken = tf.identity(tf.switchCond(condition, condition).outputTrue());
    return tf.withControlDependencyOps(taken.asOutput().op());
  }

  private List<Operation> next(Operand<TBool> finite) {
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> good = tf.dtypes.cast(finite, TFloat32.class);
    Operand<TFloat32> bad = tf.math.sub(one, good);
    Operand<TFloat32> run = tf.math.mul(tf.math.add(read(GOOD), one), good);
    Operand<TFloat32> grow =
        tf.dtypes.cast(tf.math.greaterEqual(run, tf.constant(GOOD_STEPS)), TFloat32.class);
    Operand<TFloat32> changed = tf.math.sub(tf.math.add(exponent, grow), bad);
    Operand<TFloat32> bounded =
        tf.math.minimum(tf.math.maximum(changed, tf.constant(0f)), tf.constant(LARGEST));
    return List.of(
        assign(EXPONENT, bounded),
        assign(GOOD, tf.math.mul(run, tf.math.sub(one, grow))),
        assign(SKIPPED, tf.math.add(read(SKIPPED), bad)));
  }

  private Operand<TFloat32> read(String name) {
    return tf.readVariableOp(handles.get(name).output(0), TFloat32.class);
  }

  private Operation assign(String name, Operand<TFloat32> value) {
    return tf.assignVariableOp(handles.get(name).output(0), value).op();
  }
}
