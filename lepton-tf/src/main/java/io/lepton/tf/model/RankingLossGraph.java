package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Emits losses of what should be near or rank high.
 *
 * @param shape of the outputs of one example
 */
record RankingLossGraph(
    Ops tf, Operand<TFloat32> outputs, List<Integer> shape, Operand<? extends TType> labels) {
  /** Of squared distances, whose root has no gradient at 0. */
  private static final double SMALLEST = 1e-12;

  /** Less than any logit. */
  private static final double LOWEST = -1e30;

  LossGraph emit(RankingLoss loss) {
    if (loss instanceof RankingLoss.Contrastive contrastive) {
      return contrastive(contrastive.margin());
    } else if (loss instanceof RankingLoss.Triplet triplet) {
      return triplet(triplet.margin());
    } else if (loss instanceof RankingLoss.InBatchSoftmax softmax) {
      return inBatchSoftmax(softmax.temperature());
    }
    return bpr();
  }

  private LossGraph contrastive(double margin) {
    List<Operand<TFloat64>> pair = vectors();
    Operand<TFloat64> squares = squaredDistance(pair.get(0), pair.get(1));
    Operand<TFloat64> distances = tf.math.sqrt(tf.math.add(squares, tf.constant(SMALLEST)));
    Operand<TInt64> same = LossGraph.integers(tf, labels);
    Operand<TFloat64> pull = LossGraph.toDouble(tf, same);
    Operand<TFloat64> push = tf.math.sub(tf.constant(1.0), pull);
    Operand<TFloat64> lacking = tf.nn.relu(tf.math.sub(tf.constant(margin), distances));
    Operand<TFloat64> nearness = tf.math.sub(tf.constant(margin / 2), distances);
    Operand<TBool> near = tf.math.greater(nearness, tf.constant(0.0));
    return new LossGraph(
        tf.math.add(tf.math.mul(pull, squares), tf.math.mul(push, tf.math.square(lacking))),
        List.of(share(tf.math.equal(tf.dtypes.cast(near, TInt64.class), same))),
        List.of(MeasureGraph.logits(nearness, same)));
  }

  private LossGraph triplet(double margin) {
    List<Operand<TFloat64>> three = vectors();
    Operand<TFloat64> like = squaredDistance(three.get(0), three.get(1));
    Operand<TFloat64> other = squaredDistance(three.get(0), three.get(2));
    Operand<TFloat64> excess = tf.math.add(tf.math.sub(like, other), tf.constant(margin));
    return new LossGraph(tf.nn.relu(excess), List.of(share(tf.math.less(like, other))), List.of());
  }

  private LossGraph bpr() {
    int negatives = shape.get(0) - 1;
    List<Operand<TFloat64>> scores =
        List.copyOf(
            tf.splitV(
                    LossGraph.toDouble(tf, outputs),
                    tf.constant(new int[] {1, negatives}),
                    tf.constant(1),
                    2L)
                .output());
    Operand<TFloat64> leads = tf.math.sub(scores.get(0), scores.get(1));
    Operand<TFloat64> losses = tf.math.softplus(tf.math.neg(leads));
    return new LossGraph(
        tf.math.mean(losses, tf.constant(1)),
        List.of(tf.math.mean(share(tf.math.greater(leads, tf.constant(0.0))), tf.constant(1))),
        List.of());
  }

  private LossGraph inBatchSoftmax(double temperature) {
    List<Operand<TFloat32>> both = unstack(outputs, 2);
    Operand<TFloat32> products =
        tf.linalg.matMul(both.get(0), both.get(1), MatMul.transposeB(true));
    Operand<TFloat64> scores =
        tf.math.div(LossGraph.toDouble(tf, products), tf.constant(temperature));
    Operand<TInt64> ids = LossGraph.integers(tf, labels);
    Operand<TInt32> count = tf.size(ids);
    Operand<TInt32> own = tf.range(tf.constant(0), count, tf.constant(1));
    Operand<TFloat64> truth = tf.oneHot(own, count, tf.constant(1.0), tf.constant(0.0));
    Operand<TBool> same =
        tf.math.equal(tf.expandDims(ids, tf.constant(1)), tf.expandDims(ids, tf.constant(0)));
    Operand<TFloat64> repeated = tf.math.sub(share(same), truth);
    Operand<TFloat64> logits = tf.math.add(scores, tf.math.mul(repeated, tf.constant(LOWEST)));
    Operand<TInt32> best = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    return new LossGraph(
        tf.math.sub(LossGraph.logSumExp(tf, logits), product(scores, truth)),
        List.of(share(tf.math.equal(best, own))),
        List.of());
  }

  private List<Operand<TFloat64>> vectors() {
    return unstack(LossGraph.toDouble(tf, outputs), shape.get(0));
  }

  private <T extends TType> List<Operand<T>> unstack(Operand<T> values, int count) {
    return List.copyOf(tf.unstack(values, (long) count, Unstack.axis(1L)).output());
  }

  private Operand<TFloat64> squaredDistance(Operand<TFloat64> a, Operand<TFloat64> b) {
    return tf.sum(tf.math.squaredDifference(a, b), tf.constant(1));
  }

  private Operand<TFloat64> product(Operand<TFloat64> a, Operand<TFloat64> b) {
    return tf.sum(tf.math.mul(a, b), tf.constant(1));
  }

  private Operand<TFloat64> share(Operand<TBool> right) {
    return LossGraph.toDouble(tf, right);
  }
}
