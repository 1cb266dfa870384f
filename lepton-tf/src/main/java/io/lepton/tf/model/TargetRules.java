package io.lepton.tf.model;

import io.lepton.arrow.ElementType;
import java.util.List;

/** What must hold of a target: its label, its class weights and the output it names. */
final class TargetRules {
  private TargetRules() {}

  /**
   * Checks the label.
   *
   * @param stored whether it is a column of its own, not an input's
   */
  static void checkLabel(Target target, boolean stored) {
    if (!fits(target, stored)) {
      throw new ModelException(
          "%s wants a label of %s, but '%s' %s; %s"
              .formatted(
                  target.loss().title(),
                  wanted(target.loss()),
                  target.name(),
                  given(target, stored),
                  mend(target.loss())));
    }
    checkClassWeights(target);
  }

  private static boolean fits(Target target, boolean stored) {
    Loss loss = target.loss();
    ElementType type = target.label().type();
    List<Integer> shape = target.label().shape();
    if (loss instanceof RankingLoss.InBatchSoftmax) {
      return TransformRules.isInteger(type) && Shapes.elements(shape) == 1;
    } else if (loss instanceof RankingLoss.Contrastive) {
      return stored && TransformRules.isInteger(type) && shape.isEmpty();
    } else if (loss instanceof RankingLoss) {
      return true;
    }
    return loss instanceof ClassLoss
        ? stored && TransformRules.isInteger(type)
        : !stored || type == ElementType.FLOAT32;
  }

  private static String wanted(Loss loss) {
    if (loss instanceof MeasuredLoss) {
      return "type FLOAT32";
    }
    return loss instanceof ClassLoss
        ? "type UINT8, INT32 or INT64"
        : "type UINT8, INT32 or INT64, one an example";
  }

  private static String given(Target target, boolean stored) {
    return stored || target.loss() instanceof RankingLoss.InBatchSoftmax
        ? "has %s%s"
            .formatted(
                target.label().type(),
                target.loss() instanceof RankingLoss ? " " + target.label().shape() : "")
        : "is an input as prepared";
  }

  private static String mend(Loss loss) {
    if (loss instanceof RankingLoss) {
      return loss.classes() > 0
          ? "give 1 for two of the same kind and 0 for others"
          : "give the id of the item, as a column or as an input of ids";
    }
    return loss instanceof ClassLoss
        ? "give the class number, or use squared error for a measured value"
        : "give a measured value, or use softmax or sigmoid for a class";
  }

  private static void checkClassWeights(Target target) {
    int count = target.classWeights().size();
    if (count > 0 && (count != target.loss().classes() || !target.label().shape().isEmpty())) {
      throw new ModelException(
          "class weights must be one for each of the %d classes of a scalar label, but were %d for '%s' of shape %s; leave them out, or give as many"
              .formatted(target.loss().classes(), count, target.name(), target.label().shape()));
    }
  }

  /**
   * Checks that the output exists and fits the label.
   *
   * @param label shape of one example
   */
  static void checkOutput(Target target, List<Integer> label, Wiring wiring, List<Node> layers) {
    String name = wiring.nameOf(target.output());
    int index = wiring.indexOf(name);
    if (index < 0) {
      throw new ModelException(
          "the output of target '%s' must be a layer's, but was: '%s'; %s"
              .formatted(target.name(), name, Nearest.tell(name, wiring.layerNames())));
    }
    List<Integer> given = wiring.shape(name).orElseThrow();
    if (!target.loss().takes(given, label)) {
      throw new ModelException(
          "%s wants outputs of shape %s, but layer %d (%s) gives %s; %s"
              .formatted(
                  target.loss().title(),
                  target.loss().outputWords(label),
                  index,
                  layers.get(index).layer().kind(),
                  given,
                  mend(target.loss(), label, given)));
    }
  }

  private static String mend(Loss loss, List<Integer> label, List<Integer> given) {
    if (loss instanceof RankingLoss) {
      return loss instanceof RankingLoss.Bpr
          ? "end with a layer that gives two scores or more"
          : "concatenate the vectors and end with a reshape layer that gives that";
    }
    return label.isEmpty()
        ? (given.size() > 1 ? "put a flatten before it and " : "")
            + "end with a dense layer of units = "
            + loss.outputShapes(label).get(0).get(0)
        : "end with a layer that gives that, or give the label the shape that fits";
  }
}
