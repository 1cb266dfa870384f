package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.data.NumberOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Scalar columns of numbers side by side. */
final class ScalarsInput extends BoundInput {
  private final ColumnSpec column;
  private final List<NumberType> types;
  private final Preparation preparation;

  ScalarsInput(
      ColumnSpec column, List<String> sources, List<NumberType> types, Preparation preparation) {
    super(column.name(), sources);
    this.column = column;
    this.types = types;
    this.preparation = preparation;
  }

  @Override
  List<ColumnSpec> columns() {
    return List.of(column);
  }

  @Override
  List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < types.size() && preparation.isFitted(); i++) {
      tallies.add(new ScalarTally(sources().get(i), types.get(i), options(i)));
    }
    return tallies;
  }

  @Override
  FittedInput fit(List<Tally> gathered, List<String> problems) {
    List<PositionFit> fits = new ArrayList<>();
    for (int position = 0; position < preparation.positions().size(); position++) {
      NumberOptions options = options(position);
      Distribution distribution = new Distribution(options);
      List<String> names = new ArrayList<>();
      for (int i = position; i < types.size(); i += preparation.positions().size()) {
        distribution.merge(((DistributionTally) gathered.get(i)).positions().get(0));
        names.add(sources().get(i));
      }
      String what = "column '%s'".formatted(String.join("', '", names));
      fits.add(PositionFit.of(what, distribution, options, problems));
    }
    return FittedInput.of(name(), preparation.transforms(fits));
  }

  @Override
  FittedInput planned() {
    return FittedInput.of(name(), preparation.planned());
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    List<ColumnDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String source = sources().get(i);
      ElementWriter writer =
          new ElementWriter(
              types.get(i), column.type(), Rule.of(column.type()), options(i).constant());
      decoders.add(
          new NumberDecoder(
              source, place.applyAsInt(source), first, options(i).missing(), writer, i));
    }
    return decoders;
  }

  private NumberOptions options(int element) {
    return preparation.positions().get(element % preparation.positions().size());
  }
}
