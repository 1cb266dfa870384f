package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.NumberOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Binds numbers to scalar columns side by side, or to one column of arrays or vectors. */
final class NumbersBinder {
  private final ColumnFinder finder;
  private final String place;
  private final String name;
  private final InputKind.Numbers kind;
  private final List<String> columns;

  NumbersBinder(
      ColumnFinder finder,
      String place,
      String name,
      InputKind.Numbers kind,
      List<String> columns) {
    this.finder = finder;
    this.place = place;
    this.name = name;
    this.kind = kind;
    this.columns = columns;
  }

  /** The input; empty after a problem. */
  Optional<BoundInput> bind() {
    DataType first = finder.type(columns.get(0));
    return first instanceof ArrayType || MlVector.is(first) ? elements(first) : scalars();
  }

  private Optional<BoundInput> scalars() {
    List<NumberType> types = new ArrayList<>();
    for (String column : columns) {
      finder.number(place, column).ifPresent(types::add);
    }
    List<Integer> shape = kind.shape().isEmpty() ? List.of(columns.size()) : kind.shape();
    Optional<ColumnSpec> column = column(shape, types);
    if (column.isEmpty() || types.size() < columns.size()) {
      return Optional.empty();
    }
    if (column.get().width() != columns.size()) {
      finder.refuse(
          place,
          "shape %s takes %d columns, but there are %d: %s"
              .formatted(shape, column.get().width(), columns.size(), columns));
      return Optional.empty();
    }
    Preparation preparation = new Preparation(column.get().type(), options(shape));
    boolean optionsFit = checkOptions(preparation);
    boolean fits = checkOverrides(shape) && optionsFit;
    for (int i = 0; i < types.size(); i++) {
      fits &= fits(columns.get(i), types.get(i), column.get().type());
    }
    return fits
        ? Optional.of(new ScalarsInput(column.get(), columns, types, preparation))
        : Optional.empty();
  }

  private Optional<BoundInput> elements(DataType type) {
    DataType elements =
        type instanceof ArrayType array ? array.elementType() : DataTypes.DoubleType;
    Optional<NumberType> from = NumberType.of(elements);
    if (from.isEmpty() || columns.size() != 1 || kind.shape().isEmpty()) {
      finder.refuse(
          place,
          "%s column '%s' makes an input on its own, of numbers and with a shape,"
                  .formatted(type instanceof ArrayType ? "array" : "vector", columns.get(0))
              + " but it was %s, columns %s and shape %s"
                  .formatted(finder.typeName(columns.get(0)), columns, kind.shape()));
      return Optional.empty();
    }
    Optional<ColumnSpec> column = column(kind.shape(), List.of(from.get()));
    if (column.isEmpty()) {
      return Optional.empty();
    }
    Preparation preparation =
        new Preparation(
            column.get().type(), Collections.nCopies(last(kind.shape()), kind.options()));
    boolean optionsFit = checkOptions(preparation);
    boolean overridesFit = checkOverrides(kind.shape());
    boolean fits = fits(columns.get(0), from.get(), column.get().type());
    return optionsFit && overridesFit && fits
        ? Optional.of(
            new ElementsInput(column.get(), columns.get(0), type, from.get(), preparation))
        : Optional.empty();
  }

  private Optional<ColumnSpec> column(List<Integer> shape, List<NumberType> types) {
    boolean times = types.stream().anyMatch(each -> each.kind() == NumberType.Kind.MICROSECONDS);
    ElementType usual = times ? ElementType.FLOAT64 : ElementType.FLOAT32;
    return finder.column(place, name, kind.type() == null ? usual : kind.type(), shape);
  }

  private List<NumberOptions> options(List<Integer> shape) {
    return shape.size() == 1
        ? columns.stream().map(kind::options).toList()
        : Collections.nCopies(last(shape), kind.options());
  }

  private static int last(List<Integer> shape) {
    return shape.get(shape.size() - 1);
  }

  private boolean fits(String column, NumberType from, ElementType to) {
    boolean real = ElementTypes.isReal(to);
    if (!real && !from.integral()) {
      finder.refuse(
          place,
          "column '%s' is %s and does not fit type %s; use type = float32"
              .formatted(column, finder.typeName(column), ElementTypes.word(to)));
    }
    return real || from.integral();
  }

  private boolean checkOptions(Preparation preparation) {
    if (preparation.isReal()) {
      return true;
    }
    Rule rule = Rule.of(preparation.type());
    for (NumberOptions options : preparation.positions()) {
      boolean constant = options.filling() == Filling.CONSTANT;
      if (options.missing() == Missing.MASK || (Distribution.isFilled(options) && !constant)) {
        finder.refuse(
            place,
            "type must be float32 or float64 to mask missing values or to fill them with a mean"
                + " or median, but was: %s; use type = float32"
                    .formatted(ElementTypes.word(preparation.type())));
        return false;
      }
      if (options.missing() == Missing.FILL && !rule.allows(options.constant())) {
        finder.refuse(
            place,
            "%s, but the one to fill with was: %s; use another, or type = float32"
                .formatted(rule.text(), options.constant()));
        return false;
      }
    }
    return true;
  }

  private boolean checkOverrides(List<Integer> shape) {
    if (kind.overrides().isEmpty()) {
      return true;
    }
    boolean flat = shape.size() == 1 && !(finder.type(columns.get(0)) instanceof ArrayType);
    List<String> strangers =
        kind.overrides().keySet().stream()
            .filter(each -> !columns.contains(each))
            .sorted()
            .toList();
    if (!flat || !strangers.isEmpty()) {
      finder.refuse(
          place,
          "options of single columns must be for scalar columns in a row, but were for %s in shape"
                  .formatted(kind.overrides().keySet().stream().sorted().toList())
              + " %s of columns %s; leave them out".formatted(shape, columns));
    }
    return flat && strangers.isEmpty();
  }
}
