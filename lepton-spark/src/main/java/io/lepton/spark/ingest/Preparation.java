package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.tf.model.Transform;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How numbers are prepared at each position along the last dimension of their column.
 *
 * @param type they are stored as
 * @param positions options of each
 */
record Preparation(ElementType type, List<NumberOptions> positions) implements Serializable {
  Preparation {
    positions = List.copyOf(positions);
  }

  /** Whether it depends on the data. */
  boolean isFitted() {
    return positions.stream().anyMatch(Distribution::isWanted);
  }

  boolean isReal() {
    return ElementTypes.isReal(type);
  }

  /** Transforms that stand for those not known before the data was seen. */
  List<Transform> planned() {
    return transforms(positions.stream().map(PositionFit::planned).toList());
  }

  /**
   * The transforms.
   *
   * @param fits one for each position
   */
  List<Transform> transforms(List<PositionFit> fits) {
    List<Transform> transforms = new ArrayList<>();
    List<Integer> masked =
        isReal() ? elements(options -> options.missing() == Missing.MASK) : List.of();
    if (isReal() && positions.stream().anyMatch(Distribution::isFilled)) {
      List<Double> fills = fits.stream().map(PositionFit::fill).toList();
      transforms.add(new Transform.Fill(oneIfAllAreEqual(fills), masked));
    }
    if (positions.stream().anyMatch(Preparation::isClipped)) {
      List<Double> lows = widened(bounds(NumberOptions::low), masked, -limit());
      List<Double> highs = widened(bounds(NumberOptions::high), masked, limit());
      boolean equal = areEqual(lows) && areEqual(highs);
      transforms.add(
          equal
              ? new Transform.Clip(lows.subList(0, 1), highs.subList(0, 1))
              : new Transform.Clip(lows, highs));
    }
    List<Integer> logs = elements(NumberOptions::log);
    if (!logs.isEmpty()) {
      transforms.add(new Transform.Log(logs));
    }
    if (positions.stream().anyMatch(each -> each.normalization() != Normalization.NONE)) {
      transforms.add(
          new Transform.Scale(
              oneIfAllAreEqual(widened(fits.stream().map(PositionFit::center).toList(), masked, 0)),
              oneIfAllAreEqual(
                  widened(fits.stream().map(PositionFit::scale).toList(), masked, 1))));
    }
    return transforms;
  }

  private static boolean isClipped(NumberOptions options) {
    return Double.isFinite(options.low()) || Double.isFinite(options.high());
  }

  private List<Double> bounds(ToDoubleFunction<NumberOptions> bound) {
    return positions.stream()
        .map(each -> Math.max(-limit(), Math.min(limit(), bound.applyAsDouble(each))))
        .toList();
  }

  private double limit() {
    return type == ElementType.FLOAT64 ? Double.MAX_VALUE : Float.MAX_VALUE;
  }

  private List<Integer> elements(Predicate<NumberOptions> which) {
    return IntStream.range(0, positions.size())
        .filter(i -> which.test(positions.get(i)))
        .boxed()
        .toList();
  }

  /** Values with one more for each indicator behind them. */
  private static List<Double> widened(List<Double> values, List<Integer> masked, double neutral) {
    List<Double> widened = new ArrayList<>(values);
    widened.addAll(Collections.nCopies(masked.size(), neutral));
    return widened;
  }

  private static List<Double> oneIfAllAreEqual(List<Double> values) {
    return areEqual(values) ? values.subList(0, 1) : values;
  }

  private static boolean areEqual(List<Double> values) {
    return values.stream().allMatch(values.get(0)::equals);
  }
}
