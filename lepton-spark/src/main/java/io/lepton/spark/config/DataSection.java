package io.lepton.spark.config;

import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Source;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data of a job.
 *
 * @param train path or table of the training set
 * @param validation path or table of the validation set; empty if it is a fraction of {@code train}
 * @param validationFraction share of {@code train} to validate with, in (0, 1); empty if {@code
 *     validation} is given
 * @param test path or table of the test set; empty for none
 * @param format of all paths; empty to go by their extensions
 * @param inputs of the model, sorted by name
 * @param labels to learn
 * @param weightColumn of example weights; empty for weight 1
 */
public record DataSection(
    String train,
    Optional<String> validation,
    OptionalDouble validationFraction,
    Optional<String> test,
    Optional<String> format,
    List<InputSpec> inputs,
    List<LabelSpec> labels,
    Optional<String> weightColumn) {

  private static final Pattern EXTENSION =
      Pattern.compile(
          "\\.(parquet|csv|json|orc)(\\.(gz|bz2|zst|lz4|snappy|deflate))?/?$",
          Pattern.CASE_INSENSITIVE);

  public DataSection {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
  }

  /** The format to read a path with: the one set, else by its extension, else parquet. */
  public String formatOf(String path) {
    return format.orElseGet(() -> byExtension(path));
  }

  DataSpec spec() {
    return new DataSpec(inputs, labels, weightColumn.orElse(null));
  }

  /** What layers see of the inputs, as far as it is known before the data is. */
  List<Source> sources() {
    return inputs.stream().map(InputSection::sources).flatMap(List::stream).toList();
  }

  static DataSection read(Settings data, List<LabelSection> labels) {
    String train = data.required("train", Rule.text());
    data.exactlyOne("validation", "validation-fraction");
    return new DataSection(
        train,
        data.optional("validation", Rule.text()),
        fraction(data.optional("validation-fraction", Rule.number(Range.INNER_FRACTION))),
        data.optional("test", Rule.text()),
        data.optional("format", Rule.text()),
        readInputs(data),
        labels.stream().map(LabelSection::spec).toList(),
        data.optional("weight-column", Rule.text()));
  }

  private static List<InputSpec> readInputs(Settings data) {
    List<InputSpec> inputs =
        data.section("inputs").named().entrySet().stream()
            .map(input -> InputSection.read(input.getKey(), input.getValue()))
            .toList();
    if (inputs.isEmpty() && data.noneWrong("inputs")) {
      data.refuse(
          "inputs",
          "must hold at least one input",
          "write inputs.features { columns = [\"a\", \"b\"] }");
    }
    return inputs;
  }

  private static OptionalDouble fraction(Optional<Double> fraction) {
    return fraction.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** The format that the extension of a path names; parquet if it names none. */
  public static String byExtension(String path) {
    Matcher extension = EXTENSION.matcher(path);
    return extension.find() ? extension.group(1).toLowerCase(Locale.ROOT) : Defaults.FORMAT;
  }
}
