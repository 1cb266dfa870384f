package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * How stored values are prepared before the first layer, as plain numbers and lists.
 *
 * <p>Each works along the last dimension of its input: a list of values has one for each position
 * there, or a single one for all of them; elements are such positions, from 0. A column of scalars
 * has one position. Arithmetic is in the column's own type if that is float32 or float64, else in
 * float32.
 */
public sealed interface Transform extends Serializable {
  /** The name it has in messages. */
  String kind();

  /**
   * The shape of what it gives.
   *
   * @throws IllegalArgumentException if it does not fit that shape; the message is the rule and,
   *     after a semicolon, the mend
   */
  List<Integer> outputShape(List<Integer> input);

  /**
   * Values in place of missing ones, which are those that are NaN or infinite. Comes first, as it
   * must see values as they are stored.
   *
   * @param values one for each position or one for all
   * @param indicated positions for which 1.0 is appended to the last dimension where the stored
   *     value was missing, else 0.0, in this order
   */
  record Fill(List<Double> values, List<Integer> indicated) implements Transform {
    public Fill {
      values = TransformRules.finite("values", values);
      indicated = List.copyOf(indicated);
    }

    @Override
    public String kind() {
      return "fill";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      TransformRules.requireValues(kind(), "values", values.size(), input);
      if (indicated.isEmpty()) {
        return input;
      }
      if (input.isEmpty()) {
        throw new IllegalArgumentException(
            "fill appends indicators to a last dimension, but was given []; give the column the shape [1]");
      }
      TransformRules.requireElements(kind(), indicated, input);
      return Shapes.withLast(input, Shapes.last(input) + indicated.size());
    }
  }

  /** The only element of {@code [1]} as a scalar; ids stay ids. */
  record Scalar() implements Transform {
    @Override
    public String kind() {
      return "scalar";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      if (!input.equals(List.of(1))) {
        throw new IllegalArgumentException(
            "scalar takes [1], but was given %s; make the input of one column".formatted(input));
      }
      return List.of();
    }
  }

  /** {@code log(1 + x)} at some positions; values below 0 there count as 0. */
  record Log(List<Integer> elements) implements Transform {
    public Log {
      elements = List.copyOf(elements);
    }

    @Override
    public String kind() {
      return "log";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      TransformRules.requireElements(kind(), elements, input);
      return input;
    }
  }

  /** Values no lower than {@code lows} and no higher than {@code highs}. */
  record Clip(List<Double> lows, List<Double> highs) implements Transform {
    public Clip {
      lows = TransformRules.finite("lows", lows);
      highs = TransformRules.finite("highs", highs);
      if (lows.size() != highs.size()) {
        throw new IllegalArgumentException(
            "lows and highs must be equally many, but were: %d and %d"
                .formatted(lows.size(), highs.size()));
      }
      for (int i = 0; i < lows.size(); i++) {
        if (lows.get(i) > highs.get(i)) {
          throw new IllegalArgumentException(
              "lows must not be above highs, but were: %s and %s at %d"
                  .formatted(lows.get(i), highs.get(i), i));
        }
      }
    }

    @Override
    public String kind() {
      return "clip";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      TransformRules.requireValues(kind(), "lows and highs", lows.size(), input);
      return input;
    }
  }

  /** {@code (x − center) / scale}. */
  record Scale(List<Double> centers, List<Double> scales) implements Transform {
    public Scale {
      centers = TransformRules.finite("centers", centers);
      scales = TransformRules.finite("scales", scales);
      for (double scale : scales) {
        if (Math.abs(scale) < Float.MIN_NORMAL) {
          throw new IllegalArgumentException(
              "scales must be normal numbers of float32, but one was: " + scale);
        }
      }
    }

    @Override
    public String kind() {
      return "scale";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      TransformRules.requireValues(kind(), "centers", centers.size(), input);
      TransformRules.requireValues(kind(), "scales", scales.size(), input);
      return input;
    }
  }

  /**
   * Ids {@code [.., k]} as 0.0 and 1.0 {@code [.., sum of depths]}: each position has as many
   * elements as its depth, 1.0 at its id; all are 0.0 for an id that is not in {@code [0, depth)}.
   * Comes first, over a column of integers.
   */
  record OneHot(List<Integer> depths) implements Transform {
    public OneHot {
      depths = List.copyOf(depths);
      depths.forEach(depth -> Shapes.requirePositive("depths", depth));
    }

    @Override
    public String kind() {
      return "one-hot";
    }

    @Override
    public List<Integer> outputShape(List<Integer> input) {
      TransformRules.requireValues(kind(), "depths", depths.size(), input);
      long width = 0;
      for (int position = 0; position < TransformRules.positions(input); position++) {
        width += depth(position);
      }
      if (width > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "one-hot gives at most %d elements, but depths add up to %d; embed the ids"
                .formatted(Integer.MAX_VALUE, width));
      }
      return input.isEmpty() ? List.of((int) width) : Shapes.withLast(input, (int) width);
    }

    /** The depth of a position. */
    int depth(int position) {
      return depths.get(depths.size() == 1 ? 0 : position);
    }
  }
}
