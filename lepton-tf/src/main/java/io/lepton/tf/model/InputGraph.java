package io.lepton.tf.model;

import io.lepton.arrow.ElementType;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * Prepares a model's input.
 *
 * @param <T> the type its arithmetic is in
 */
final class InputGraph<T extends TNumber> {
  private static final int[] SCALARS = {-1};

  private final Ops tf;
  private final Class<T> type;

  private InputGraph(Ops tf, Class<T> type) {
    this.tf = tf;
    this.type = type;
  }

  /**
   * Emits the preparation.
   *
   * @param stored examples of the column
   * @return ids as they are stored, all else as float32
   */
  static Operand<? extends TType> emit(Ops tf, ModelInput input, Operand<? extends TType> stored) {
    if (input.ids()) {
      return input.transforms().isEmpty() ? stored : tf.reshape(stored, tf.constant(SCALARS));
    }
    return input.column().type() == ElementType.FLOAT64
        ? new InputGraph<>(tf, TFloat64.class).prepare(input, stored)
        : new InputGraph<>(tf, TFloat32.class).prepare(input, stored);
  }

  /** The values as floats of a type; the same if they are. */
  static <U extends TNumber> Operand<U> cast(
      Ops tf, Operand<? extends TType> values, Class<U> type) {
    return values.type() == type
        ? values.asOutput().op().output(values.asOutput().index())
        : tf.dtypes.cast(values, type);
  }

  private Operand<TFloat32> prepare(ModelInput input, Operand<? extends TType> stored) {
    List<Integer> shape = input.column().shape();
    Operand<T> x = null;
    for (Transform transform : input.transforms()) {
      x =
          transform instanceof Transform.OneHot oneHot
              ? oneHot(oneHot, cast(tf, stored, TInt64.class), shape)
              : apply(transform, x == null ? cast(tf, stored, type) : x, shape);
      shape = transform.outputShape(shape);
    }
    return cast(tf, x == null ? stored : x, TFloat32.class);
  }

  private Operand<T> apply(Transform transform, Operand<T> x, List<Integer> shape) {
    if (transform instanceof Transform.Fill fill) {
      return fill(fill, x, shape);
    }
    if (transform instanceof Transform.Log log) {
      return log(log, x, shape);
    }
    if (transform instanceof Transform.Clip clip) {
      return atMost(clip.highs(), atLeast(clip.lows(), x));
    }
    if (transform instanceof Transform.Scale scale) {
      return tf.math.div(tf.math.sub(x, values(scale.centers())), values(scale.scales()));
    }
    if (transform instanceof Transform.Scalar) {
      return tf.reshape(x, tf.constant(SCALARS));
    }
    throw new AssertionError(transform);
  }

  private Operand<T> fill(Transform.Fill fill, Operand<T> x, List<Integer> shape) {
    Operand<TBool> present = tf.math.isFinite(x);
    Operand<T> filled = tf.select(present, x, values(fill.values()));
    if (fill.indicated().isEmpty()) {
      return filled;
    }
    int axis = shape.size();
    Operand<T> missing = tf.dtypes.cast(tf.math.logicalNot(present), type);
    Operand<TInt32> elements =
        tf.constant(fill.indicated().stream().mapToInt(Integer::intValue).toArray());
    return tf.concat(
        List.of(filled, tf.gather(missing, elements, tf.constant(axis))), tf.constant(axis));
  }

  private Operand<T> log(Transform.Log log, Operand<T> x, List<Integer> shape) {
    boolean[] chosen = new boolean[TransformRules.positions(shape)];
    log.elements().forEach(element -> chosen[element] = true);
    Operand<TBool> here = shape.isEmpty() ? tf.constant(true) : tf.constant(chosen);
    return tf.select(here, tf.math.log1p(atLeast(List.of(0.0), x)), x);
  }

  // Maximum and Minimum may turn NaN into a bound.
  private Operand<T> atLeast(List<Double> lows, Operand<T> x) {
    Operand<T> bound = values(lows);
    return tf.select(tf.math.less(x, bound), bound, x);
  }

  private Operand<T> atMost(List<Double> highs, Operand<T> x) {
    Operand<T> bound = values(highs);
    return tf.select(tf.math.greater(x, bound), bound, x);
  }

  private Operand<T> oneHot(Transform.OneHot oneHot, Operand<TInt64> ids, List<Integer> shape) {
    Operand<T> on = values(List.of(1.0));
    Operand<T> off = values(List.of(0.0));
    if (shape.isEmpty()) {
      return tf.oneHot(ids, tf.constant(oneHot.depth(0)), on, off);
    }
    List<Operand<T>> positions = new ArrayList<>();
    for (int position = 0; position < Shapes.last(shape); position++) {
      Operand<TInt64> id = tf.gather(ids, tf.constant(position), tf.constant(shape.size()));
      positions.add(tf.oneHot(id, tf.constant(oneHot.depth(position)), on, off));
    }
    return positions.size() == 1
        ? positions.get(0)
        : tf.concat(positions, tf.constant(shape.size()));
  }

  private Operand<T> values(List<Double> values) {
    return tf.dtypes.cast(
        values.size() == 1
            ? tf.constant(values.get(0))
            : tf.constant(values.stream().mapToDouble(Double::doubleValue).toArray()),
        type);
  }
}
