package io.lepton.tf.model;

import io.lepton.arrow.ElementType;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold of a target: its label, its class weights and the output it names. */
final class TargetRules {
  private TargetRules() {}

  /**
   * Checks the label.
   *
   * @param stored whether it is a column of its own, not an input's
   */
  static void checkLabel(Target target, boolean stored) {
    boolean classes = target.loss().classes() > 0;
    ElementType type = target.label().type();
    boolean fits = classes ? TransformRules.isInteger(type) : type == ElementType.FLOAT32;
    if (stored ? !fits : classes) {
      throw new ModelException(
          "%s wants a label of type %s, but '%s' %s; %s"
              .formatted(
                  name(target.loss()),
                  classes ? "UINT8, INT32 or INT64" : "FLOAT32",
                  target.name(),
                  stored ? "has " + type : "is an input as prepared",
                  classes
                      ? "give the class number, or use squared error for a measured value"
                      : "give a measured value, or use softmax or sigmoid for a class"));
    }
    checkClassWeights(target);
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
    List<List<Integer>> wanted = target.loss().outputShapes(label);
    List<Integer> given = wiring.shape(name).orElseThrow();
    if (!wanted.contains(given)) {
      throw new ModelException(
          "%s wants outputs of shape %s, but layer %d (%s) gives %s; %s"
              .formatted(
                  name(target.loss()),
                  wanted.stream().map(List::toString).collect(Collectors.joining(" or ")),
                  index,
                  layers.get(index).layer().kind(),
                  given,
                  label.isEmpty()
                      ? "end with a dense layer of units = " + wanted.get(0).get(0)
                      : "end with a layer that gives that, or give the label the shape that fits"));
    }
  }

  private static String name(Loss loss) {
    if (loss instanceof Loss.Softmax softmax) {
      return "softmax over %d classes".formatted(softmax.classes());
    }
    return loss instanceof Loss.Sigmoid ? "sigmoid" : "squared error";
  }
}
