package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import io.lepton.tf.model.Transform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/** Columns of categories, each with a dictionary of its own or hashed. */
final class CategoriesInput extends BoundInput {
  private final ColumnSpec column;
  private final InputKind.Categories kind;
  private final List<TextReader> readers;

  private CategoriesInput(
      ColumnSpec column,
      InputKind.Categories kind,
      List<String> sources,
      List<TextReader> readers) {
    super(column.name(), sources);
    this.column = column;
    this.kind = kind;
    this.readers = readers;
  }

  static Optional<BoundInput> bind(
      ColumnFinder finder,
      String place,
      String name,
      InputKind.Categories kind,
      List<String> sources) {
    List<TextReader> readers = new ArrayList<>();
    for (String source : sources) {
      DataType type = finder.type(source);
      Optional<NumberType> number = NumberType.of(type).filter(NumberType::integral);
      if (type instanceof StringType || number.isPresent()) {
        readers.add(new TextReader(number.orElse(null)));
      } else {
        finder.refuse(
            place,
            "column '%s' must be text or whole numbers, but was: %s; cast it, or take another"
                .formatted(source, finder.typeName(source)));
      }
    }
    if (kind.missing() == Missing.MASK) {
      finder.refuse(place, MASK_IS_FOR_NUMBERS);
      return Optional.empty();
    }
    return finder
        .column(place, name, ElementType.INT32, List.of(sources.size()))
        .filter(column -> readers.size() == sources.size())
        .map(column -> new CategoriesInput(column, kind, sources, readers));
  }

  @Override
  List<ColumnSpec> columns() {
    return List.of(column);
  }

  @Override
  List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < readers.size() && kind.hashBuckets() == 0; i++) {
      tallies.add(new CategoryTally(sources().get(i), readers.get(i), CountTally.MOST));
    }
    return tallies;
  }

  @Override
  FittedInput fit(List<Tally> gathered, List<String> problems) {
    List<List<String>> vocabularies =
        gathered.stream()
            .map(
                tally ->
                    VocabularyFit.of(
                        (CountTally) tally,
                        "categories",
                        kind.maxSize(),
                        kind.minCount(),
                        problems))
            .toList();
    List<Integer> sizes = vocabularies.stream().map(texts -> texts.size() + 1).toList();
    return new FittedInput(name(), oneHot(sizes), vocabularies);
  }

  @Override
  FittedInput planned() {
    return FittedInput.of(name(), oneHot(Collections.nCopies(readers.size(), kind.ids())));
  }

  private List<Transform> oneHot(List<Integer> sizes) {
    return kind.oneHot() ? List.of(new Transform.OneHot(sizes)) : List.of();
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    List<ColumnDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < readers.size(); i++) {
      String source = sources().get(i);
      TextIds ids =
          kind.hashBuckets() > 0
              ? new TextIds.Hash(kind.hashBuckets(), 0)
              : new TextIds.Vocabulary(fitted.vocabularies().get(i), 1);
      decoders.add(
          new CategoryDecoder(
              source, place.applyAsInt(source), first, kind.missing(), readers.get(i), ids, i));
    }
    return decoders;
  }
}
