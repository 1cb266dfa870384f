package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The gradient in a weight: of all of it, or of those rows of a table that are not 0.
 *
 * @param values of the weight's shape, or {@code [n, dimension]}
 * @param ids int64 {@code [n]} of the rows, each once; empty for all of the weight
 */
record Gradient(Operand<TFloat32> values, Optional<Operand<TInt64>> ids) {
  static Gradient whole(Operand<TFloat32> values) {
    return new Gradient(values, Optional.empty());
  }

  /** Rows of which some may be of one id; those are added up. */
  static Gradient rows(Ops tf, Operand<TInt64> ids, Operand<TFloat32> rows) {
    var unique = tf.unique(ids, tf.constant(new int[] {0}));
    Operand<TInt32> count = tf.size(unique.y());
    return new Gradient(
        tf.math.unsortedSegmentSum(rows, unique.idx(), count), Optional.of(unique.y()));
  }

  Gradient with(Operand<TFloat32> other) {
    return new Gradient(other, ids);
  }

  /** All of it, zeros where there are no rows. */
  Operand<TFloat32> whole(Ops tf, List<Integer> shape) {
    if (ids.isEmpty()) {
      return values;
    }
    Operand<TInt64> places = tf.expandDims(ids.get(), tf.constant(1));
    long[] dimensions = shape.stream().mapToLong(Integer::longValue).toArray();
    return tf.scatterNd(places, values, tf.constant(dimensions));
  }
}
