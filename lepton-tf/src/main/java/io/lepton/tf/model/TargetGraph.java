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
import org.tensorflow.types.family.TType;

/** Emits what the targets of a model say of each example of a batch. */
record TargetGraph(ModelSpec spec, Network network, Columns columns) {

  /**
   * Emits the sum of losses, each by its weight, and the metrics as {@link ModelSpec#metrics} names
   * them.
   *
   * @param values outputs of all layers, by name
   * @param prepared inputs, by name, for the targets that are inputs
   * @param mixing of the losses, not of the metrics, if examples were mixed
   */
  LossGraph emit(
      Ops tf,
      Map<String, Operand<TFloat32>> values,
      BatchInputs prepared,
      Optional<Mixing> mixing) {
    List<Operand<TFloat64>> losses = new ArrayList<>();
    List<Operand<TFloat64>> metrics = new ArrayList<>();
    List<MeasureGraph> measures = new ArrayList<>();
    for (Target target : spec.targets()) {
      Operand<? extends TType> labels =
          spec.hasColumn(target) || !(target.loss() instanceof MeasuredLoss)
              ? columns.batch(target.name())
              : prepared.values().get(target.name());
      LossGraph graph = emit(tf, target, values, labels);
      if (spec.targets().size() > 1) {
        metrics.add(graph.losses());
      }
      metrics.addAll(graph.metrics());
      measures.addAll(graph.measures());
      Operand<TFloat64> loss = graph.losses();
      if (mixing.isPresent()) {
        Operand<? extends TType> others = mixing.get().partners(tf, labels);
        loss = mixing.get().blend(tf, loss, emit(tf, target, values, others).losses());
      }
      losses.add(target.weight() == 1 ? loss : tf.math.mul(loss, tf.constant(target.weight())));
    }
    return new LossGraph(
        losses.size() == 1 ? losses.get(0) : tf.math.addN(losses), metrics, measures);
  }

  /** What class weights make of each example's weight {@code [n]}; empty if there are none. */
  Optional<Operand<TFloat64>> classWeights(Ops tf) {
    return spec.targets().stream()
        .filter(target -> !target.classWeights().isEmpty())
        .map(target -> classWeights(tf, target))
        .reduce((a, b) -> tf.math.mul(a, b));
  }

  private LossGraph emit(
      Ops tf,
      Target target,
      Map<String, Operand<TFloat32>> values,
      Operand<? extends TType> labels) {
    Network.Part output = network.part(target.output());
    return LossGraph.emit(tf, target, values.get(output.name()), output.shape(), labels);
  }

  private Operand<TFloat64> classWeights(Ops tf, Target target) {
    double[] weights = target.classWeights().stream().mapToDouble(Double::doubleValue).toArray();
    Operand<TInt64> labels = InputGraph.cast(tf, columns.batch(target.name()), TInt64.class);
    return tf.gather(tf.constant(weights), labels, tf.constant(0));
  }
}
