package io.lepton.jobs;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.config.DataSection;
import io.lepton.spark.predict.BatchPrediction;
import io.lepton.spark.predict.FileStream;
import io.lepton.spark.predict.InputTable;
import io.lepton.spark.predict.KafkaStream;
import io.lepton.spark.predict.ModelAlias;
import io.lepton.spark.predict.StreamPrediction;
import io.lepton.spark.predict.StreamSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores a data set into files. */
@Command(
    name = "predict",
    description = "Scores a data set with a trained model: Parquet files, whole or not at all.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  private static final int FILES = 100;
  private static final int RECORDS = 100_000;

  @Parameters(
      paramLabel = "CONFIG",
      arity = "0..1",
      description = "The job whose output.model it is; not needed with --model.")
  private Optional<Path> file = Optional.empty();

  @Mixin private RunOptions options;

  @Mixin private StreamOptions streaming;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "The model's bundle, or an alias of it.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "File, directory or pattern of the rows.")
  private String data;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      required = true,
      description = "Directory of the rows with scores.")
  private String output;

  @Option(
      names = "--quarantine",
      paramLabel = "PATH",
      description =
          "Directory of the rows that cannot be scored, if any; OUTPUT-quarantine by default.")
  private Optional<String> quarantine = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "parquet, csv, json or orc; by the extension of the data by default.")
  private Optional<String> format = Optional.empty();

  @Option(
      names = "--schema",
      paramLabel = "DDL",
      description = "Columns of the data, as 'a double, b string'; what the files say by default.")
  private Optional<String> schema = Optional.empty();

  @Option(
      names = "--partition-by",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns to lay the output out by; as the data is by default.")
  private List<String> partitionBy;

  @Option(names = "--overwrite", description = "Replaces what is at the paths.")
  private boolean overwrite;

  @Override
  public Integer call() {
    if (file.isEmpty() && model.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "CONFIG or --model must be given");
    }
    if (streaming.stream() && overwrite) {
      throw new ParameterException(spec.commandLine(), "--stream contradicts --overwrite");
    }
    if (streaming.kafka().isPresent() && (!streaming.stream() || schema.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "--kafka needs --stream and --schema");
    }
    if (!(streaming.every() > 0) || streaming.batch().orElse(1) < 1) {
      throw new ParameterException(spec.commandLine(), "--every and --batch must be positive");
    }
    return new JobRun("predict", options)
        .run(streaming.stream() ? this::prepareStream : this::prepare)
        .code();
  }

  private JobRun.Task prepareStream() throws IOException {
    NamedModel named = NamedModel.of(file, options.sets(), model);
    StreamSource source = source();
    StreamPrediction prediction =
        new StreamPrediction(
            source,
            new ModelAlias(named.path()),
            output,
            quarantine.orElse(output + "-quarantine"),
            streaming.checkpoint().orElse(output + "-checkpoint"),
            partitionBy == null ? List.of() : partitionBy,
            named.stream().eventTime(),
            Duration.ofMillis(Math.max(1, Math.round(1000 * streaming.every()))),
            streaming.untilIdle());
    return named.task(new PredictStream(prediction));
  }

  private StreamSource source() throws IOException {
    if (streaming.kafka().isPresent()) {
      return new KafkaStream(
          streaming.kafka().get(),
          data,
          InputTable.schema(schema.orElseThrow()),
          streaming.batch().orElse(RECORDS));
    }
    DataPaths.check(Map.of("--data", data));
    return new FileStream(input(), streaming.batch().orElse(FILES));
  }

  private InputTable input() {
    return new InputTable(
        data,
        format.orElseGet(() -> DataSection.byExtension(data)),
        schema.map(InputTable::schema));
  }

  private JobRun.Task prepare() throws IOException {
    NamedModel named = NamedModel.of(file, options.sets(), model);
    DataPaths.check(Map.of("--data", data));
    BatchPrediction prediction =
        new BatchPrediction(
            input(),
            output,
            quarantine.orElse(output + "-quarantine"),
            Optional.ofNullable(partitionBy),
            overwrite);
    prediction.check(HadoopSettings.current());
    return named.task(new Predict(prediction));
  }
}
