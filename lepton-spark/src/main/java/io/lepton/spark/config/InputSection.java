package io.lepton.spark.config;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import io.lepton.tf.model.Source;
import io.lepton.tf.zoo.Feature;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the settings of one input. */
final class InputSection {
  private static final int IMAGE_RANK = 3;

  private InputSection() {}

  static InputSpec read(String name, Settings input) {
    input.exactlyOne("column", "columns");
    Optional<String> column = input.optional("column", Rule.text());
    Optional<List<String>> columns = input.optional("columns", Rule.oneOrMore(Rule.text()));
    InputType type = input.orDefault("type", Defaults.INPUT_TYPE, Rule.word(InputType.class));
    return new InputSpec(
        name,
        column.map(List::of).or(() -> columns).orElse(List.of()),
        kind(type, input),
        AugmentationSection.read(input));
  }

  /** What layers see of it, as far as it is known before the data is. */
  static List<Source> sources(InputSpec input) {
    List<Source> sources = new ArrayList<>();
    sources.add(source(input));
    if (input.kind() instanceof InputKind.Sequence sequence) {
      sources.add(
          Source.stored(
              input.name() + ".mask", ElementType.UINT8, Optional.of(List.of(sequence.length()))));
    }
    return sources;
  }

  /** What architectures know of it. */
  static Feature feature(InputSpec input) {
    Optional<List<Integer>> shape = source(input).shape();
    if (input.kind() instanceof InputKind.Image) {
      return new Feature(input.name(), Kind.IMAGE, 0, shape);
    }
    if (input.kind() instanceof InputKind.Sequence) {
      return new Feature(input.name(), Kind.SEQUENCE, 0, shape);
    }
    if (input.kind() instanceof InputKind.Text text) {
      return new Feature(input.name(), Kind.WORDS, text.ids(), shape);
    }
    return input.kind() instanceof InputKind.Categories categories && !categories.oneHot()
        ? new Feature(input.name(), Kind.IDS, categories.ids(), shape)
        : new Feature(input.name(), Kind.NUMBERS, 0, shape);
  }

  private static Source source(InputSpec input) {
    if (input.kind() instanceof InputKind.Numbers numbers) {
      return new Source(input.name(), isWhole(numbers), NumbersSection.shape(input, numbers));
    }
    if (input.kind() instanceof InputKind.Image image) {
      return Source.stored(input.name(), ElementType.UINT8, Optional.of(image.shape()));
    }
    if (input.kind() instanceof InputKind.Sequence sequence) {
      List<Integer> shape =
          sequence.width() == 1
              ? List.of(sequence.length())
              : List.of(sequence.length(), sequence.width());
      return Source.stored(input.name(), sequence.type(), Optional.of(shape));
    }
    if (input.kind() instanceof InputKind.Text text) {
      return Source.stored(input.name(), ElementType.INT32, Optional.of(List.of(text.length())));
    }
    InputKind.Categories categories = (InputKind.Categories) input.kind();
    return new Source(
        input.name(),
        !categories.oneHot(),
        categories.oneHot() ? Optional.empty() : NumbersSection.width(input));
  }

  private static boolean isWhole(InputKind.Numbers numbers) {
    return numbers.type() == ElementType.INT32
        || numbers.type() == ElementType.INT64
        || numbers.type() == ElementType.UINT8;
  }

  private static InputKind kind(InputType type, Settings input) {
    return switch (type) {
      case IMAGE -> image(input);
      case SEQUENCE -> sequence(input);
      case CATEGORIES -> categories(input);
      case TEXT -> text(input);
      default -> NumbersSection.read(type, input);
    };
  }

  private static InputKind image(Settings input) {
    List<Integer> shape = input.required("shape", Rule.listOf(Rule.integer(1)));
    if (input.noneWrong("shape") && shape.size() != IMAGE_RANK) {
      input.refuse(
          "shape",
          "must have the 3 dimensions [height, width, channels] as type = image",
          "write for example shape = [28, 28, 1]");
    }
    return new InputKind.Image(
        shape,
        input.orDefault("encoding", Defaults.IMAGE_ENCODING, Rule.word(ImageEncoding.class)),
        missing(input));
  }

  private static InputKind sequence(Settings input) {
    return new InputKind.Sequence(
        input
            .orDefault("element-type", Defaults.ELEMENT_TYPE, Rule.word(NumberWord.class))
            .element(),
        input.required("length", Rule.integer(1)),
        input.orDefault("width", Defaults.SEQUENCE_WIDTH, Rule.integer(1)),
        input.orDefault("padding", Defaults.SEQUENCE_PADDING, Rule.number(Range.ANY)),
        missing(input));
  }

  private static InputKind categories(Settings input) {
    return new InputKind.Categories(
        input.orDefault("max-size", Defaults.MAX_CATEGORIES, Rule.integer(1)),
        input.orDefault("min-count", Defaults.MIN_COUNT, Rule.integer(1)),
        input.optional("hash-buckets", Rule.integer(1)).orElse(0),
        input.orDefault("one-hot", Defaults.ONE_HOT, Rule.flag()),
        missing(input));
  }

  private static InputKind text(Settings input) {
    return new InputKind.Text(
        input.required("length", Rule.integer(1)),
        input.orDefault("max-size", Defaults.MAX_WORDS, Rule.integer(1)),
        input.orDefault("min-count", Defaults.MIN_COUNT, Rule.integer(1)),
        input.optional("hash-buckets", Rule.integer(1)).orElse(0),
        input.orDefault("lower-case", Defaults.LOWER_CASE, Rule.flag()),
        missing(input));
  }

  private static Missing missing(Settings input) {
    return input.orDefault("missing", Defaults.MISSING, Rule.word(Missing.class));
  }
}
