package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Where a loss takes a weight: all of it, some rows, or both, whose gradients add up. */
  private record Uses(Weight weight, boolean whole, List<Lookups.Lookup> lookups) {}

  /** The gradient in each of some weights. */
  Map<String, Gradient> of(Operand<TFloat64> loss, List<Weight> weights) {
    List<Uses> uses = weights.stream().map(this::uses).toList();
    List<Output<?>> places = new ArrayList<>();
    for (Uses use : uses) {
      if (use.whole()) {
        places.add(reads.get(use.weight().name()).asOutput());
      }
      use.lookups().forEach(lookup -> places.add(lookup.rows().asOutput()));
    }
    Output<?>[] found =
        graph.addGradients(
            "optimizer/gradients",
            new Output<?>[] {loss.asOutput()},
            places.toArray(Output<?>[]::new),
            null);
    Iterator<Output<?>> next = List.of(found).iterator();
    Map<String, Gradient> gradients = new LinkedHashMap<>();
    uses.forEach(use -> gradients.put(use.weight().name(), gradient(use, next)));
    return gradients;
  }

  private Uses uses(Weight weight) {
    String name = weight.name();
    return new Uses(weight, lookups.isRead(name), lookups.apart(name));
  }

  private Gradient gradient(Uses use, Iterator<Output<?>> next) {
    Optional<Operand<TFloat32>> whole =
        use.whole() ? Optional.of(floats(next.next())) : Optional.empty();
    if (use.lookups().isEmpty()) {
      return Gradient.whole(whole.orElseThrow());
    }
    Gradient rows = rows(use, next);
    return whole
        .map(it -> Gradient.whole(tf.math.add(it, rows.whole(tf, use.weight().shape()))))
        .orElse(rows);
  }

  private Gradient rows(Uses use, Iterator<Output<?>> next) {
    int[] row = {-1, Shapes.last(use.weight().shape())};
    List<Operand<TInt64>> ids = new ArrayList<>();
    List<Operand<TFloat32>> values = new ArrayList<>();
    for (Lookups.Lookup lookup : use.lookups()) {
      ids.add(tf.reshape(lookup.ids(), tf.constant(new int[] {-1})));
      values.add(tf.reshape(floats(next.next()), tf.constant(row)));
    }
    return ids.size() == 1
        ? Gradient.rows(tf, ids.get(0), values.get(0))
        : Gradient.rows(tf, tf.concat(ids, tf.constant(0)), tf.concat(values, tf.constant(0)));
  }

  private static Operand<TFloat32> floats(Output<?> gradient) {
    return gradient.op().output(gradient.index());
  }
}
