package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.StringType;

/** A column of text, cut into words. */
final class TextInput extends BoundInput {
  private static final int FIRST_WORD = 2;

  private final ColumnSpec column;
  private final InputKind.Text text;

  private TextInput(String source, ColumnSpec column, InputKind.Text text) {
    super(column.name(), List.of(source));
    this.column = column;
    this.text = text;
  }

  static Optional<BoundInput> bind(
      ColumnFinder finder, String place, String name, InputKind.Text text, List<String> sources) {
    if (sources.size() != 1 || !(finder.type(sources.get(0)) instanceof StringType)) {
      finder.refuse(
          place,
          "text must be one string column, but was: %s of %s; take one such column"
              .formatted(sources, finder.typeNames(sources)));
      return Optional.empty();
    }
    if (text.missing() == Missing.MASK) {
      finder.refuse(place, MASK_IS_FOR_NUMBERS);
      return Optional.empty();
    }
    return finder
        .column(place, name, ElementType.INT32, List.of(text.length()))
        .map(column -> new TextInput(sources.get(0), column, text));
  }

  @Override
  List<ColumnSpec> columns() {
    return List.of(column);
  }

  @Override
  List<Tally> tallies() {
    return text.hashBuckets() > 0
        ? List.of()
        : List.of(new WordTally(sources().get(0), text.lowerCase(), CountTally.MOST));
  }

  @Override
  FittedInput fit(List<Tally> gathered, List<String> problems) {
    CountTally words = (CountTally) gathered.get(0);
    List<String> vocabulary =
        VocabularyFit.of(words, "words", text.maxSize(), text.minCount(), problems);
    return new FittedInput(name(), List.of(), List.of(vocabulary));
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    String source = sources().get(0);
    TextIds ids =
        text.hashBuckets() > 0
            ? new TextIds.Hash(text.hashBuckets(), FIRST_WORD)
            : new TextIds.Vocabulary(fitted.vocabularies().get(0), FIRST_WORD);
    return List.of(new TextDecoder(source, place.applyAsInt(source), first, text, ids));
  }
}
