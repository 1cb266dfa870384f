package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.InputKind;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.types.ArrayType;

/** A column of arrays of any length, and the mask of their steps. */
final class SequenceInput extends BoundInput {
  private static final String MASK = ".mask";

  private final InputKind.Sequence sequence;
  private final NumberType from;
  private final List<ColumnSpec> columns;

  private SequenceInput(
      String source, InputKind.Sequence sequence, NumberType from, List<ColumnSpec> columns) {
    super(columns.get(0).name(), List.of(source));
    this.sequence = sequence;
    this.from = from;
    this.columns = columns;
  }

  static Optional<BoundInput> bind(
      ColumnFinder finder,
      String place,
      String name,
      InputKind.Sequence sequence,
      List<String> sources) {
    String source = sources.get(0);
    Optional<NumberType> from =
        finder.type(source) instanceof ArrayType array
            ? NumberType.of(array.elementType())
            : Optional.empty();
    if (from.isEmpty()
        || sources.size() != 1
        || (!ElementTypes.isReal(sequence.type()) && !from.get().integral())) {
      finder.refuse(
          place,
          "a sequence must be one column of arrays of numbers that fit type %s, but was: %s of %s;"
                  .formatted(ElementTypes.word(sequence.type()), sources, finder.typeNames(sources))
              + " take one such column");
      return Optional.empty();
    }
    Rule rule = Rule.of(sequence.type());
    if (!rule.allows(sequence.padding())) {
      finder.refuse(
          place,
          "%s, but padding was: %s; use another, or type = float32"
              .formatted(rule.text(), sequence.padding()));
      return Optional.empty();
    }
    List<Integer> shape =
        sequence.width() == 1
            ? List.of(sequence.length())
            : List.of(sequence.length(), sequence.width());
    return finder
        .column(place, name, sequence.type(), shape)
        .map(
            column ->
                new SequenceInput(
                    source,
                    sequence,
                    from.get(),
                    List.of(
                        column,
                        new ColumnSpec(
                            name + MASK, ElementType.UINT8, List.of(sequence.length())))));
  }

  @Override
  List<ColumnSpec> columns() {
    return columns;
  }

  @Override
  List<ColumnDecoder> decoders(ToIntFunction<String> place, int first, FittedInput fitted) {
    String source = sources().get(0);
    int at = place.applyAsInt(source);
    return List.of(
        new SequenceDecoder(source, at, first, from, sequence),
        new MaskDecoder(source, at, first + 1, from, sequence));
  }
}
