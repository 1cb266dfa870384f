package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/**
 * Differentiates a loss. A table is differentiated in the rows that were looked up, and in all of
 * it only if the loss reads it in another way too.
 *
 * @param reads of the weights, by name
 */
record Gradients(Graph graph, Ops tf, Map<String, Operand<TFloat32>> reads, Lookups lookups) {

  /** The gradient in each of some weights. */
  Map<String, Gradient> of(Operand<TFloat64> loss, List<Weight> weights) {
    List<Operand<TFloat32>> places = new ArrayList<>();
    Set<String> read = new HashSet<>();
    for (Weight weight : weights) {
      if (lookups.isRead(weight.name())) {
        read.add(weight.name());
        places.add(reads.get(weight.name()));
      }
      lookups.of(weight.name()).forEach(lookup -> places.add(lookup.rows()));
    }
    Output<?>[] found =
        graph.addGradients(
            "optimizer/gradients",
            new Output<?>[] {loss.asOutput()},
            places.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
            null);
    Map<String, Gradient> gradients = new LinkedHashMap<>();
    int next = 0;
    for (Weight weight : weights) {
      Optional<Operand<TFloat32>> whole =
          read.contains(weight.name()) ? Optional.of(floats(found[next++])) : Optional.empty();
      int count = lookups.of(weight.name()).size();
      List<Output<?>> rows = List.of(found).subList(next, next + count);
      next += count;
      gradients.put(weight.name(), gradient(weight, whole, rows));
    }
    return gradients;
  }

  private Gradient gradient(
      Weight weight, Optional<Operand<TFloat32>> whole, List<Output<?>> rows) {
    if (rows.isEmpty()) {
      return Gradient.whole(whole.orElseThrow());
    }
    Gradient sparse = sparse(weight, rows);
    return whole
        .map(it -> Gradient.whole(tf.math.add(it, sparse.whole(tf, weight.shape()))))
        .orElse(sparse);
  }

  private Gradient sparse(Weight weight, List<Output<?>> rows) {
    List<Operand<TInt64>> ids = new ArrayList<>();
    List<Operand<TFloat32>> values = new ArrayList<>();
    for (Lookups.Lookup lookup : lookups.of(weight.name())) {
      values.add(
          tf.reshape(
              floats(rows.get(ids.size())),
              tf.constant(new int[] {-1, Shapes.last(weight.shape())})));
      ids.add(tf.reshape(lookup.ids(), tf.constant(new int[] {-1})));
    }
    return ids.size() == 1
        ? Gradient.rows(tf, ids.get(0), values.get(0))
        : Gradient.rows(tf, tf.concat(ids, tf.constant(0)), tf.concat(values, tf.constant(0)));
  }

  private static Operand<TFloat32> floats(Output<?> gradient) {
    return gradient.op().output(gradient.index());
  }
}
