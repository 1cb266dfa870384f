package io.lepton.tf.model;

import java.util.List;

/** A layer that makes one out of several inputs, of one shape unless it says otherwise. */
public sealed interface MergeLayer extends Layer {
  @Override
  default Arity arity() {
    return Arity.atLeast(2);
  }

  @Override
  default List<Integer> outputShape(List<List<Integer>> inputs) {
    if (inputs.stream().distinct().count() != 1) {
      throw new IllegalArgumentException(
          "%s takes inputs of one shape, but was given %s; bring them to one before it"
              .formatted(kind(), inputs));
    }
    return inputs.get(0);
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
  }

  /** The mean of inputs of one shape. */
  record Average() implements MergeLayer {
    @Override
    public String kind() {
      return "average";
    }
  }

  /** The product of inputs of one shape, element by element. */
  record Multiply() implements MergeLayer {
    @Override
    public String kind() {
      return "multiply";
    }
  }

  /** The largest of inputs of one shape, element by element. */
  record Maximum() implements MergeLayer {
    @Override
    public String kind() {
      return "maximum";
    }
  }

  /** The first of two inputs of one shape, less the second. */
  record Subtract() implements MergeLayer {
    @Override
    public String kind() {
      return "subtract";
    }

    @Override
    public Arity arity() {
      return new Arity(2, 2);
    }
  }

  /**
   * The dot product of two vectors: {@code [channels]} twice to {@code [1]}.
   *
   * @param normalize whether both are scaled to length 1 first: the cosine of their angle
   */
  record Dot(boolean normalize) implements MergeLayer {
    @Override
    public String kind() {
      return "dot";
    }

    @Override
    public Arity arity() {
      return new Arity(2, 2);
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> shape = MergeLayer.super.outputShape(inputs);
      Shapes.require(kind(), shape, "[channels]", 1, "flatten it before");
      return List.of(1);
    }
  }
}
