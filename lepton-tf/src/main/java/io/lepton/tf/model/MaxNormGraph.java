package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/** Emits the limits of weights' norms. */
final class MaxNormGraph {
  /** As Keras: keeps a vector of zeros from a division by zero. */
  private static final float EPSILON = 1e-7f;

  private MaxNormGraph() {}

  /**
   * Limits what weights are after a step.
   *
   * @param handles of the program's variables
   * @param updates of the step
   * @return the operations that end it: the updates, and what comes after them
   */
  static List<Operation> after(
      Ops tf, Network network, Map<String, Operation> handles, List<Operation> updates) {
    Ops later = tf.withControlDependencyOps(updates);
    List<Operation> all = new ArrayList<>(updates);
    for (Network.Part part : network.parts()) {
      part.options()
          .maxNorms()
          .forEach(
              (name, norm) ->
                  all.add(limit(tf, later, handles.get(part.name() + "/" + name), norm)));
    }
    return all;
  }

  private static Operation limit(Ops tf, Ops later, Operation handle, double most) {
    Operand<TFloat32> weight = later.readVariableOp(handle.output(0), TFloat32.class);
    Operand<TFloat32> squares = tf.sum(tf.math.square(weight), tf.constant(0), Sum.keepDims(true));
    Operand<TFloat32> norm = tf.math.sqrt(squares);
    Operand<TFloat32> wanted = tf.math.minimum(norm, tf.constant((float) most));
    Operand<TFloat32> factor = tf.math.div(wanted, tf.math.add(norm, tf.constant(EPSILON)));
    return tf.assignVariableOp(handle.output(0), tf.math.mul(weight, factor)).op();
  }
}
