package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Where each pixel of a new image is read from in the old one: {@code (xx·x + xy·y + x0, yx·x +
 * yy·y + y0)}, x to the right and y down.
 */
record AffineMap(
    Coefficient xx,
    Coefficient xy,
    Coefficient x0,
    Coefficient yx,
    Coefficient yy,
    Coefficient y0) {
  static final AffineMap IDENTITY = translation(Coefficient.ZERO, Coefficient.ZERO);

  static AffineMap translation(Coefficient x, Coefficient y) {
    return new AffineMap(
        Coefficient.ONE, Coefficient.ZERO, x, Coefficient.ZERO, Coefficient.ONE, y);
  }

  /** Negated where {@code sign} is −1, then moved. */
  static AffineMap mirrorX(Coefficient sign, Coefficient x) {
    return new AffineMap(
        sign, Coefficient.ZERO, x, Coefficient.ZERO, Coefficient.ONE, Coefficient.ZERO);
  }

  /** Negated where {@code sign} is −1, then moved. */
  static AffineMap mirrorY(Coefficient sign, Coefficient y) {
    return new AffineMap(
        Coefficient.ONE, Coefficient.ZERO, Coefficient.ZERO, Coefficient.ZERO, sign, y);
  }

  /** About the origin. */
  static AffineMap rotation(Coefficient cosine, Coefficient sine, Coefficient minusSine) {
    return new AffineMap(cosine, minusSine, Coefficient.ZERO, sine, cosine, Coefficient.ZERO);
  }

  /** The map of an image that is changed by this one first and by the other after it. */
  AffineMap then(Ops tf, AffineMap other) {
    return new AffineMap(
        sum(tf, xx.times(tf, other.xx), xy.times(tf, other.yx)),
        sum(tf, xx.times(tf, other.xy), xy.times(tf, other.yy)),
        sum(tf, xx.times(tf, other.x0), xy.times(tf, other.y0), x0),
        sum(tf, yx.times(tf, other.xx), yy.times(tf, other.yx)),
        sum(tf, yx.times(tf, other.xy), yy.times(tf, other.yy)),
        sum(tf, yx.times(tf, other.x0), yy.times(tf, other.y0), y0));
  }

  /**
   * What {@code ImageProjectiveTransformV3} wants.
   *
   * @param shape {@code [n]} as a vector
   * @return {@code [n, 8]}
   */
  Operand<TFloat32> transforms(Ops tf, Operand<TInt32> shape) {
    List<Operand<TFloat32>> columns = new ArrayList<>();
    for (Coefficient coefficient :
        List.of(xx, xy, x0, yx, yy, y0, Coefficient.ZERO, Coefficient.ZERO)) {
      columns.add(coefficient.vector(tf, shape));
    }
    return tf.stack(columns, Stack.axis(1L));
  }

  private static Coefficient sum(Ops tf, Coefficient... terms) {
    Coefficient sum = Coefficient.ZERO;
    for (Coefficient term : terms) {
      sum = sum.plus(tf, term);
    }
    return sum;
  }
}
