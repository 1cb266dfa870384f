package io.lepton.tf.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Makes gradients smaller. */
final class ClippingGraph {
  private ClippingGraph() {}

  static Map<String, Gradient> emit(Ops tf, Clipping clipping, Map<String, Gradient> gradients) {
    Arithmetic a = new Arithmetic(tf);
    if (clipping instanceof Clipping.ByValue value) {
      Operand<TFloat32> least = a.number(-value.limit());
      Operand<TFloat32> most = a.number(value.limit());
      return each(gradients, values -> tf.math.minimum(tf.math.maximum(values, least), most));
    }
    if (clipping instanceof Clipping.ByNorm norm) {
      return each(gradients, values -> a.product(scale(a, norm.limit(), a.norm(values)), values));
    }
    if (clipping instanceof Clipping.ByGlobalNorm norm) {
      Operand<TFloat32> squares =
          gradients.values().stream()
              .map(gradient -> a.total(a.square(gradient.values())))
              .reduce(a::sum)
              .orElseThrow();
      Operand<TFloat32> scale = scale(a, norm.limit(), a.root(squares));
      return each(gradients, values -> a.product(scale, values));
    }
    return gradients;
  }

  private static Operand<TFloat32> scale(Arithmetic a, double limit, Operand<TFloat32> norm) {
    return a.quotient(a.number(limit), a.tf().math.maximum(norm, a.number(limit)));
  }

  private static Map<String, Gradient> each(
      Map<String, Gradient> gradients, UnaryOperator<Operand<TFloat32>> change) {
    Map<String, Gradient> changed = new LinkedHashMap<>();
    gradients.forEach(
        (weight, gradient) -> changed.put(weight, gradient.with(change.apply(gradient.values()))));
    return changed;
  }
}
