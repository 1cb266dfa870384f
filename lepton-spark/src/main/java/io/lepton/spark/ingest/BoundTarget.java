package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A label or weight, bound to a column that is there and fits; none of its values may be missing.
 */
final class BoundTarget {
  private final String source;
  private final ColumnSpec column;
  private final DataType type;
  private final NumberType from;
  private final Rule rule;

  private BoundTarget(String source, ColumnSpec column, DataType type, NumberType from, Rule rule) {
    this.source = source;
    this.column = column;
    this.type = type;
    this.from = from;
    this.rule = rule;
  }

  static Optional<BoundTarget> weight(ColumnFinder finder, String place, String source) {
    ColumnSpec column = new ColumnSpec("weight", ElementType.FLOAT32, List.of());
    return finder
        .number(place, source)
        .map(from -> new BoundTarget(source, column, finder.type(source), from, Rule.WEIGHT));
  }

  static Optional<BoundTarget> label(ColumnFinder finder, String place, LabelSpec label) {
    Rule rule = label.classes() > 0 ? Rule.classes(label.classes()) : Rule.FINITE;
    DataType type = finder.type(label.column());
    if (label.shape().isEmpty() && (type instanceof ArrayType || MlVector.is(type))) {
      finder.refuse(
          place,
          "column '%s' must be a number, but was: %s; say how many it holds, such as shape = [3], or take another"
              .formatted(label.column(), finder.typeName(label.column())));
      return Optional.empty();
    }
    if (label.shape().isEmpty()) {
      ColumnSpec column = new ColumnSpec(label.name(), type(label), List.of());
      return finder
          .number(place, label.column())
          .map(from -> new BoundTarget(label.column(), column, type, from, rule));
    }
    return dense(finder, place, label, type, rule);
  }

  private static Optional<BoundTarget> dense(
      ColumnFinder finder, String place, LabelSpec label, DataType type, Rule rule) {
    boolean bytes = type instanceof BinaryType && label.classes() > 0;
    Optional<NumberType> from =
        type instanceof ArrayType array
            ? NumberType.of(array.elementType())
            : bytes || MlVector.is(type) ? NumberType.of(DataTypes.DoubleType) : Optional.empty();
    if (from.isEmpty()) {
      finder.refuse(
          place,
          "column '%s' must be an array of numbers%s to give labels of shape %s, but was: %s;"
                  .formatted(
                      label.column(),
                      label.classes() > 0 ? " or binary" : "",
                      label.shape(),
                      finder.typeName(label.column()))
              + " take another, or leave out the shape");
      return Optional.empty();
    }
    return finder
        .column(place, label.name(), bytes ? ElementType.UINT8 : type(label), label.shape())
        .map(column -> new BoundTarget(label.column(), column, type, from.get(), rule));
  }

  private static ElementType type(LabelSpec label) {
    return label.classes() > 0 ? ElementType.INT32 : ElementType.FLOAT32;
  }

  String source() {
    return source;
  }

  ColumnSpec column() {
    return column;
  }

  /**
   * Its decoder.
   *
   * @param place of a source column in the scan
   * @param index of its column in a shard
   */
  ColumnDecoder decoder(ToIntFunction<String> place, int index) {
    int at = place.applyAsInt(source);
    ElementWriter writer = new ElementWriter(from, column.type(), rule, 0);
    if (type instanceof BinaryType) {
      return new BytesDecoder(source, at, index, Missing.FAIL, column.width(), rule);
    }
    if (type instanceof ArrayType) {
      return new ArrayDecoder(source, at, index, Missing.FAIL, writer, column.width());
    }
    if (MlVector.is(type)) {
      return new VectorDecoder(source, at, index, Missing.FAIL, writer, column.width());
    }
    return new NumberDecoder(source, at, index, Missing.FAIL, writer, 0);
  }
}
