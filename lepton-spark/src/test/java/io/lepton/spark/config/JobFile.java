package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A configuration file to load, small and right until lines are added to it. */
final class JobFile {
  /** Settings that are required, on eight lines, and no other. */
  static final String MINIMAL =
      """
      name = demo
      data.train = train.parquet
      data.validation = test.parquet
      data.inputs.x.columns = [a, b]
      data.label.column = y
      model.layers = [{ dense { units = 1 } }]
      output.model = out

      """;

  private final Path path;

  private JobFile(Path path) {
    this.path = path;
  }

  /** The minimal file with lines from line 9 on. */
  static JobFile minimalAnd(Path directory, String... lines) {
    return of(directory, MINIMAL + String.join("\n", lines));
  }

  static JobFile of(Path directory, String text) {
    return at(directory.resolve("job.conf"), text);
  }

  static JobFile at(Path path, String text) {
    try {
      return new JobFile(Files.writeString(path, text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Path path() {
    return path;
  }

  JobConfiguration load(String... sets) {
    return JobConfiguration.load(path, List.of(sets));
  }

  ConfigurationException refused(String... sets) {
    return catchThrowableOfType(ConfigurationException.class, () -> load(sets));
  }

  /** The problems as they are printed, with {@code job.conf} for the path of the file. */
  List<String> problems(String... sets) {
    return refused(sets).problems().stream().map(it -> relative(it.toString())).toList();
  }

  String relative(String text) {
    return text.replace(path.toString(), "job.conf");
  }
}
