package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Emits what a model adds to the loss for the size of its weights. */
final class PenaltyGraph {
  private PenaltyGraph() {}

  /**
   * The loss with all penalties.
   *
   * @param weights values of the network's weights, by name
   */
  static Operand<TFloat64> add(
      Ops tf, Network network, Map<String, Operand<TFloat32>> weights, Operand<TFloat64> loss) {
    List<Operand<TFloat64>> terms = new ArrayList<>(List.of(loss));
    for (Network.Part part : network.parts()) {
      part.options()
          .penalties()
          .forEach(
              (name, penalty) ->
                  terms.addAll(terms(tf, penalty, weights.get(part.name() + "/" + name))));
    }
    return terms.size() == 1 ? loss : tf.math.addN(terms);
  }

  private static List<Operand<TFloat64>> terms(
      Ops tf, WeightOptions.Penalty penalty, Operand<TFloat32> weight) {
    Operand<TFloat32> all = tf.reshape(weight, tf.constant(new int[] {-1}));
    List<Operand<TFloat64>> terms = new ArrayList<>();
    if (penalty.l1() > 0) {
      terms.add(scaledSum(tf, tf.math.abs(all), penalty.l1()));
    }
    if (penalty.l2() > 0) {
      terms.add(scaledSum(tf, tf.math.square(all), penalty.l2()));
    }
    return terms;
  }

  private static Operand<TFloat64> scaledSum(Ops tf, Operand<TFloat32> values, double scale) {
    Operand<TFloat64> sum = tf.dtypes.cast(tf.sum(values, tf.constant(0)), TFloat64.class);
    return tf.math.mul(sum, tf.constant(scale));
  }
}
