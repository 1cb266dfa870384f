package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.data.NumberOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;

/** A column of arrays or of vectors, all of one length. */
final class ElementsInput extends BoundInput {
  private final ColumnSpec column;
  private final boolean arrays;
  private final NumberType from;
  private final Preparation preparation;

  /**
   * An input.
   *
   * @param type of the source column
   * @param from of its elements
   */
  ElementsInput(
      ColumnSpec column, String source, DataType type, NumberType from, Preparation preparation) {
    super(column.name(), List.of(source));
    this.column = column;
    this.arrays = type instanceof ArrayType;
    this.from = from;
    this.preparation = preparation;
  }

  @Override
  List<ColumnSpec> columns() {
    return List.of(column);
  }

  @Override
  List<Tally> tallies() {
    if (!preparation.isFitted()) {
      return List.of();
    }
    String source = sources().get(0);
    List<NumberOptions> positions = preparation.positions();
    return List.of(
        arrays
            ? new ArrayTally(source, from, positions, column.width())
            : new VectorTally(source, from, positions, column.width()));
  }

  @Override
  FittedInput fit(List<Tally> gathered, List<String> problems) {
    List<Distribution> distributions = ((DistributionTally) gathered.get(0)).positions();
    List<PositionFit> fits = new ArrayList<>();
    for (int i = 0; i < distributions.size(); i++) {
      String what = "column '%s' at position %d".formatted(sources().get(0), i);
      fits.add(
          PositionFit.of(what, distributions.get(i), preparation.positions().get(i), problems));
    }
    return FittedInput.of(name(), preparation.transforms(fits));
  }

  @Override
  FittedInput planned() {
    return FittedInput.of(name(), preparation.planned());
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    String source = sources().get(0);
    NumberOptions options = preparation.positions().get(0);
    ElementWriter writer =
        new ElementWriter(from, column.type(), Rule.of(column.type()), options.constant());
    int at = place.applyAsInt(source);
    return List.of(
        arrays
            ? new ArrayDecoder(source, at, first, options.missing(), writer, column.width())
            : new VectorDecoder(source, at, first, options.missing(), writer, column.width()));
  }
}
