package io.lepton.tf.model;

import java.util.List;

/** A layer that makes one out of several inputs. */
public sealed interface MergeLayer extends Layer {
  @Override
  default Arity arity() {
    return Arity.atLeast(2);
  }

  /** Inputs side by side along the last dimension; all others must be the same. */
  record Concatenate() implements MergeLayer {
    @Override
    public String kind() {
      return "concatenate";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> first = inputs.get(0);
      long width = 0;
      for (List<Integer> input : inputs) {
        if (input.isEmpty()
            || input.size() != first.size()
            || !Shapes.withLast(input, 1).equals(Shapes.withLast(first, 1))) {
          throw new IllegalArgumentException(
              "concatenate takes inputs that differ in their last dimension only, but was given %s; flatten or reshape them before it"
                  .formatted(inputs));
        }
        width += Shapes.last(input);
      }
      if (width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "concatenate gives at most %d elements along the last dimension, but was given %s; use fewer or smaller inputs"
                .formatted(Integer.MAX_VALUE, inputs));
      }
      return Shapes.withLast(first, (int) width);
    }
  }

  /** The sum of inputs of one shape. */
  record Add() implements MergeLayer {
    @Override
    public String kind() {
      return "add";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return oneShape(kind(), inputs);
    }
  }

  /** The product of inputs of one shape, element by element. */
  record Multiply() implements MergeLayer {
    @Override
    public String kind() {
      return "multiply";
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      return oneShape(kind(), inputs);
    }
  }

  private static List<Integer> oneShape(String kind, List<List<Integer>> inputs) {
    if (inputs.stream().distinct().count() != 1) {
      throw new IllegalArgumentException(
          "%s takes inputs of one shape, but was given %s; bring them to one before it"
              .formatted(kind, inputs));
    }
    return inputs.get(0);
  }
}
