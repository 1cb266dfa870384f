package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/** Emits losses of classes; the names of values are those in {@link ClassLoss}. */
final class ClassLossGraph {
  /** Less than any logit. */
  private static final double LOWEST = -1e30;

  private final Ops tf;
  private final ClassLoss loss;
  private final int classes;
  private final Operand<TInt64> labels;
  private final int elements;
  private final boolean oneLogit;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat64> values;

  /**
   * The graph of one loss.
   *
   * @param labels of all elements of a batch, flat
   * @param elements of one example
   * @param oneLogit whether outputs are one logit for each of them
   */
  ClassLossGraph(
      Ops tf,
      ClassLoss loss,
      Operand<TFloat32> outputs,
      Operand<TInt64> labels,
      int elements,
      boolean oneLogit) {
    this.tf = tf;
    this.loss = loss;
    this.classes = loss.classes();
    this.labels = labels;
    this.elements = elements;
    this.oneLogit = oneLogit;
    int[] shape = oneLogit ? new int[] {-1} : new int[] {-1, classes};
    this.logits = tf.reshape(outputs, tf.constant(shape));
    this.values = LossGraph.toDouble(tf, logits);
  }

  LossGraph emit() {
    Operand<TInt64> predicted = predicted();
    Operand<TFloat64> right = LossGraph.toDouble(tf, tf.math.equal(predicted, labels));
    return new LossGraph(
        loss instanceof ClassLoss.Dice dice ? dice(dice) : LossGraph.mean(tf, losses(), elements),
        List.of(LossGraph.mean(tf, right, elements)),
        measures(predicted));
  }

  private Operand<TInt64> predicted() {
    if (oneLogit) {
      Operand<TBool> positive = tf.math.greater(values, tf.constant(0.0));
      return tf.dtypes.cast(positive, TInt64.class);
    }
    return tf.math.argMax(logits, tf.constant(1));
  }

  private Operand<TFloat64> losses() {
    if (loss instanceof Loss.Sigmoid sigmoid) {
      return sigmoid(sigmoid.smoothing(), sigmoid.positiveWeight());
    } else if (loss instanceof Loss.Softmax softmax) {
      return softmax(softmax.smoothing());
    } else if (loss instanceof ClassLoss.Focal focal) {
      return focal(focal);
    }
    return hinge();
  }

  // Sparse cross entropy would need no one-hot labels, but has no gradient outside Python.
  private Operand<TFloat64> softmax(double smoothing) {
    float off = (float) (smoothing / classes);
    float on = (float) (1 - smoothing + smoothing / classes);
    Operand<TFloat32> truth =
        tf.oneHot(labels, tf.constant(classes), tf.constant(on), tf.constant(off));
    return LossGraph.toDouble(tf, tf.nn.softmaxCrossEntropyWithLogits(logits, truth).loss());
  }

  // softplus(∓x) is max(x, 0) − x·z + log1p(exp(−|x|)) with a gradient at 0 too.
  private Operand<TFloat64> sigmoid(double smoothing, double positiveWeight) {
    if (smoothing == 0 && positiveWeight == 1) {
      return tf.math.softplus(tf.math.neg(margins()));
    }
    Operand<TFloat64> positive = LossGraph.toDouble(tf, labels);
    Operand<TFloat64> truth =
        tf.math.add(tf.math.mul(positive, tf.constant(1 - smoothing)), tf.constant(smoothing / 2));
    Operand<TFloat64> missed = tf.math.mul(truth, tf.math.softplus(tf.math.neg(values)));
    Operand<TFloat64> alarms =
        tf.math.mul(tf.math.sub(tf.constant(1.0), truth), tf.math.softplus(values));
    return tf.math.add(tf.math.mul(tf.constant(positiveWeight), missed), alarms);
  }

  // (1 − p)^γ is exp(−γ·softplus(s)), which has a gradient where p is 1.
  private Operand<TFloat64> focal(ClassLoss.Focal focal) {
    Operand<TFloat64> margins = margins();
    Operand<TFloat64> hardness =
        tf.math.exp(tf.math.mul(tf.constant(-focal.gamma()), tf.math.softplus(margins)));
    Operand<TFloat64> losses = tf.math.mul(hardness, tf.math.softplus(tf.math.neg(margins)));
    return tf.math.mul(alphas(focal.alpha()), losses);
  }

  private Operand<TFloat64> alphas(double alpha) {
    return oneLogit
        ? tf.gather(tf.constant(new double[] {1 - alpha, alpha}), labels, tf.constant(0))
        : tf.constant(alpha);
  }

  private Operand<TFloat64> hinge() {
    Operand<TFloat64> margins =
        oneLogit ? signed() : tf.math.sub(own(), tf.max(others(), tf.constant(1)));
    return tf.nn.relu(tf.math.sub(tf.constant(1.0), margins));
  }

  /** {@code [n·elements]}. */
  private Operand<TFloat64> margins() {
    if (oneLogit) {
      return signed();
    }
    return tf.math.sub(own(), LossGraph.logSumExp(tf, others()));
  }

  private Operand<TFloat64> signed() {
    Operand<TFloat64> positive = LossGraph.toDouble(tf, labels);
    Operand<TFloat64> sign = tf.math.sub(tf.math.mul(tf.constant(2.0), positive), tf.constant(1.0));
    return tf.math.mul(sign, values);
  }

  private Operand<TFloat64> own() {
    return tf.sum(tf.math.mul(values, oneHot()), tf.constant(1));
  }

  private Operand<TFloat64> others() {
    return tf.math.add(values, tf.math.mul(oneHot(), tf.constant(LOWEST)));
  }

  private Operand<TFloat64> oneHot() {
    return tf.oneHot(labels, tf.constant(classes), tf.constant(1.0), tf.constant(0.0));
  }

  private Operand<TFloat64> dice(ClassLoss.Dice dice) {
    Operand<TFloat64> probabilities = oneLogit ? tf.math.sigmoid(values) : tf.nn.softmax(values);
    Operand<TFloat64> truth = oneLogit ? LossGraph.toDouble(tf, labels) : oneHot();
    Operand<TFloat64> overlaps = byClass(tf.math.mul(probabilities, truth));
    Operand<TFloat64> sizes = byClass(tf.math.add(probabilities, truth));
    Operand<TFloat64> one = tf.constant(1.0);
    Operand<TFloat64> scores =
        tf.math.div(
            tf.math.add(tf.math.mul(tf.constant(2.0), overlaps), one), tf.math.add(sizes, one));
    Operand<TFloat64> losses = tf.math.sub(one, tf.math.mean(scores, tf.constant(1)));
    if (!dice.crossEntropy()) {
      return losses;
    }
    Operand<TFloat64> entropies = oneLogit ? sigmoid(0, 1) : softmax(0);
    return tf.math.add(losses, LossGraph.mean(tf, entropies, elements));
  }

  /** Sums over the elements of each example: {@code [n, classes]}, or {@code [n, 1]}. */
  private Operand<TFloat64> byClass(Operand<TFloat64> each) {
    int[] shape = {-1, elements, oneLogit ? 1 : classes};
    return tf.sum(tf.reshape(each, tf.constant(shape)), tf.constant(1));
  }

  private List<MeasureGraph> measures(Operand<TInt64> predicted) {
    List<MeasureGraph> measures = new ArrayList<>();
    for (Measure measure : Measure.of(loss)) {
      measures.add(
          MeasureGraph.ofElements(
              elements,
              switch (measure.kind()) {
                case LOGITS -> MeasureGraph.logits(positiveLogits(), labels);
                case CLASSES -> MeasureGraph.classes(classes, predicted, labels);
                case TOP_K -> MeasureGraph.top(Measure.TOP, logits, labels);
                case SQUARES, DEVIATIONS -> throw new AssertionError(measure);
              }));
    }
    return measures;
  }

  private Operand<TFloat64> positiveLogits() {
    if (oneLogit) {
      return values;
    }
    Operand<TFloat64> signs = tf.constant(new double[] {-1, 1});
    return tf.sum(tf.math.mul(values, signs), tf.constant(1));
  }
}
