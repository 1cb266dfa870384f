package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/** Emits what the targets of a model say of each example of a batch. */
record TargetGraph(ModelSpec spec, Network network, Columns columns) {

  /**
   * Emits the sum of losses, each by its weight, and the metrics as {@link ModelSpec#metrics} names
   * them.
   *
   * @param values outputs of all layers and inputs as floats, by name
   */
  LossGraph emit(Ops tf, Map<String, Operand<TFloat32>> values) {
    List<Operand<TFloat64>> losses = new ArrayList<>();
    List<Operand<TFloat64>> metrics = new ArrayList<>();
    for (Target target : spec.targets()) {
      LossGraph graph = emit(tf, target, values);
      if (spec.targets().size() > 1) {
        metrics.add(graph.losses());
      }
      metrics.addAll(graph.metrics());
      losses.add(
          target.weight() == 1
              ? graph.losses()
              : tf.math.mul(graph.losses(), tf.constant(target.weight())));
    }
    return new LossGraph(losses.size() == 1 ? losses.get(0) : tf.math.addN(losses), metrics);
  }

  /** What class weights make of each example's weight {@code [n]}; empty if there are none. */
  Optional<Operand<TFloat64>> classWeights(Ops tf) {
    return spec.targets().stream()
        .filter(target -> !target.classWeights().isEmpty())
        .map(target -> classWeights(tf, target))
        .reduce((a, b) -> tf.math.mul(a, b));
  }

  private LossGraph emit(Ops tf, Target target, Map<String, Operand<TFloat32>> values) {
    Network.Part output = network.part(target.output());
    return LossGraph.emit(
        tf,
        target.loss(),
        values.get(output.name()),
        output.shape(),
        spec.hasColumn(target) ? columns.batch(target.name()) : values.get(target.name()));
  }

  private Operand<TFloat64> classWeights(Ops tf, Target target) {
    double[] weights = target.classWeights().stream().mapToDouble(Double::doubleValue).toArray();
    Operand<TInt64> labels = InputGraph.cast(tf, columns.batch(target.name()), TInt64.class);
    return tf.gather(tf.constant(weights), labels, tf.constant(0));
  }
}
