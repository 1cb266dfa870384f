package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
  @TempDir private static Path shared;

  private static Path model;

  @TempDir private Path directory;

  private Path output;

  @BeforeAll
  static void train() throws IOException {
    CommandRun training = SmallJob.in(shared).run("train");
    assertThat(training.code()).as(training.err()).isZero();
    model = shared.resolve("model");
  }

  @BeforeEach
  void choosePaths() {
    output = directory.resolve("output");
  }

  @Test
  void everyRowIsScoredBesideItsColumns() throws IOException {
    CommandRun run = SmallJob.in(shared).run("predict", "--data=" + data(), "--output=" + output);

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("rows").asInt()).isEqualTo(200);
    assertThat(result.get("scored").asInt()).isEqualTo(200);
    assertThat(result.get("quarantined").asInt()).isZero();
    assertThat(result.get("quarantine").isNull()).isTrue();
    assertThat(directory.resolve("output-quarantine")).doesNotExist();
    List<Row> rows = read(output);
    assertThat(rows).hasSize(200);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly(
            "a",
            "b",
            "label",
            "probability",
            "prediction",
            "model_name",
            "model_version",
            "scored_at");
    for (Row row : rows) {
      List<Double> probability = row.getList(row.fieldIndex("probability"));
      assertThat(probability.get(0) + probability.get(1)).isBetween(0.9999, 1.0001);
      assertThat((double) row.getAs("prediction"))
          .isEqualTo(probability.get(1) > probability.get(0) ? 1 : 0);
      assertThat((String) row.getAs("model_name")).isEqualTo("small");
      assertThat((String) row.getAs("model_version"))
          .isEqualTo(result.get("model_version").asText());
    }
    assertThat(numbers(rows)).isEqualTo(numbers(read("csv", data())));
  }

  @Test
  void rowsThatCannotBeScoredAreKeptWithTheReason() throws IOException {
    Path bad =
        Files.writeString(
            directory.resolve("bad.csv"),
            "id,a,b\n1,1,0.5\n2,,0.5\n3,3,much\n4,4,1.5\n5,NaN,1\n6,1\n");
    Path quarantine = directory.resolve("elsewhere");

    CommandRun run = predict(bad, "--quarantine=" + quarantine);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("rows").asInt()).isEqualTo(6);
    assertThat(run.json().get("scored").asInt()).isEqualTo(2);
    assertThat(run.json().get("quarantined").asInt()).isEqualTo(4);
    assertThat(read(output)).extracting(row -> row.getAs("id")).containsExactlyInAnyOrder(1, 4);
    Map<Integer, String> reasons =
        read(quarantine).stream()
            .collect(Collectors.toMap(row -> row.getAs("id"), row -> row.getAs("reason")));
    assertThat(reasons).containsOnlyKeys(2, 3, 5, 6);
    assertThat(reasons.get(2)).startsWith("column 'a': ").endsWith("null");
    assertThat(reasons.get(3)).isEqualTo("the text must be a row of the schema, but is not");
    assertThat(reasons.get(5)).startsWith("column 'a': ");
    assertThat(read(quarantine))
        .filteredOn(row -> row.<Integer>getAs("id") == 3)
        .singleElement()
        .satisfies(row -> assertThat((String) row.getAs("_corrupt_record")).isEqualTo("3,3,much"));
  }

  @Test
  void otherFormatsAreReadAndPartitionsKept() throws IOException {
    Path days = directory.resolve("days");
    try (SparkSession spark = spark()) {
      spark
          .read()
          .option("header", "true")
          .option("inferSchema", "true")
          .csv(data().toString())
          .selectExpr("*", "date_add(date'2024-02-28', cast(a as int)) as day", "a % 2 as odd")
          .write()
          .partitionBy("day", "odd")
          .orc(days.toString());
    }

    CommandRun run = predict(days, "--format=orc");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(directories(output)).isEqualTo(directories(days)).hasSize(7);
    assertThat(read(output)).hasSize(200);

    CommandRun again = predict(days, "--format=orc", "--partition-by=odd", "--overwrite");

    assertThat(again.code()).as(again.err()).isZero();
    assertThat(directories(output)).containsExactly("odd=0", "odd=1");
    assertThat(read(output)).hasSize(200);
  }

  @Test
  void directoriesKeepTheirNamesThoughTheModelReadsThemAsNumbers() throws IOException {
    Path data = directory.resolve("data");
    for (String named : List.of("a=03/day=01", "a=3/day=1", "a=3/day=__HIVE_DEFAULT_PARTITION__")) {
      Path part = Files.createDirectories(data.resolve(named));
      Files.writeString(part.resolve("part.json"), "{\"b\": 0.5}\n{\"b\": null}\n");
    }

    CommandRun run = predict(data, "--format=json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(directories(output))
        .containsExactly("a=03/day=01", "a=3/day=1", "a=3/day=__HIVE_DEFAULT_PARTITION__");
    assertThat(read(output)).extracting(row -> row.getAs("a")).containsExactly(3, 3, 3);
    assertThat(read(directory.resolve("output-quarantine")))
        .hasSize(3)
        .allMatch(row -> row.<Integer>getAs("a") == 3 && row.fieldIndex("day") >= 0);
  }

  @Test
  void whatAKilledRunLeftIsGoneAfterTheNext() throws Exception {
    Path many =
        Files.writeString(directory.resolve("many.csv"), "a,b\n" + "3,0.5\n".repeat(1 << 20));
    try (JavaProcess process =
        JavaProcess.start(
            List.of("-Xmx1g"), Lepton.class, arguments(many), directory.resolve("out.txt"))) {
      awaitIncoming();
      process.kill();
    }
    assertThat(names(directory)).anyMatch(it -> it.startsWith("output.incoming-"));

    CommandRun next = predict(data());

    assertThat(next.code()).as(next.err()).isZero();
    assertThat(names(directory)).containsExactly("many.csv", "out.txt", "output", "run");
    assertThat(read(output)).hasSize(200);
  }

  private void awaitIncoming() throws IOException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (names(directory).stream().noneMatch(it -> it.startsWith("output.incoming-"))) {
      assertThat(System.nanoTime()).as("it has begun to write").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void whatIsThereIsKeptUnlessToldOtherwise() throws IOException {
    Path line = Files.writeString(directory.resolve("line.json"), "{\"a\": 1, \"b\": 2}\n");
    Files.createDirectories(output);

    CommandRun run = predict(line);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(output + " must not exist, but does");

    CommandRun replacing = predict(line, "--overwrite");
    assertThat(replacing.code()).as(replacing.err()).isZero();
    assertThat(read(output)).hasSize(1);
    assertThat(names(directory)).containsExactly("line.json", "output", "run");
  }

  @Test
  void aFailureLeavesNothing() throws IOException {
    Path broken = Files.createDirectories(directory.resolve("broken.parquet"));
    try (SparkSession spark = spark()) {
      spark
          .range(100)
          .selectExpr("cast(id as double) a", "cast(id as double) b")
          .repartition(1)
          .write()
          .mode("overwrite")
          .parquet(broken.toString());
    }
    try (Stream<Path> files = Files.list(broken)) {
      Path part =
          files.filter(it -> it.toString().endsWith(".snappy.parquet")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(part);
      Arrays.fill(bytes, 4, bytes.length / 2, (byte) 7);
      Files.write(part, bytes);
      Files.deleteIfExists(part.resolveSibling("." + part.getFileName() + ".crc"));
    }

    CommandRun run = predict(broken);

    assertThat(run.code()).isEqualTo(1);
    assertThat(names(directory)).containsExactly("broken.parquet", "run");
  }

  @Test
  void whatCannotWorkIsRefused() throws IOException {
    assertThat(CommandRun.of(List.of("predict", "--data=x", "--output=y")).err())
        .contains("CONFIG or --model must be given");
    assertThat(predict(data(), "--format=xml").err())
        .contains("the format must be one of parquet, csv, json, orc, but was: xml");
    assertThat(predict(data(), "--schema=a doubel").err()).contains("the schema must be like");
    assertThat(predict(data(), "--partition-by=region").err())
        .contains("there is no column 'region' to partition by");
    assertThat(predict(data(), "--quarantine=" + output.resolve("bad")).err())
        .contains("data, output and quarantine must lie apart");
    assertThat(predict(directory.resolve("none.csv")).err())
        .contains("--data must name data that exists");
    Path narrow = Files.writeString(directory.resolve("narrow.csv"), "a,reason\n1,2\n");
    assertThat(predict(narrow).err()).contains("column 'reason' must not be there");
    CommandRun missing = predict(Files.writeString(directory.resolve("narrow.csv"), "a\n1\n"));
    assertThat(missing.err()).contains("there is no column 'b'");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(output).doesNotExist();
  }

  private Path data() {
    return shared.resolve("data.csv");
  }

  private CommandRun predict(Path data, String... more) {
    return CommandRun.of(arguments(data, more));
  }

  private List<String> arguments(Path data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--model=" + model,
                "--data=" + data,
                "--output=" + output,
                "--run-dir=" + directory.resolve("run"),
                "--master=local[2]"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static SparkSession spark() {
    return LeptonSpark.builder().master("local[2]").getOrCreate();
  }

  private static List<Row> read(Path parquet) throws IOException {
    return read("parquet", parquet);
  }

  private static List<Row> read(String format, Path path) throws IOException {
    try (SparkSession spark = spark()) {
      return LeptonSpark.read(spark, format, path.toString(), 1).collectAsList();
    }
  }

  private static List<String> numbers(List<Row> rows) {
    return rows.stream()
        .map(row -> "%s %s %s".formatted(row.get(0), row.get(1), row.get(2)))
        .sorted()
        .toList();
  }

  /** The innermost ones, by their paths below. */
  private static List<String> directories(Path root) throws IOException {
    try (Stream<Path> found = Files.walk(root)) {
      return found
          .filter(it -> it.toString().endsWith(".parquet") || it.toString().endsWith(".orc"))
          .map(it -> root.relativize(it.getParent()).toString())
          .distinct()
          .sorted()
          .toList();
    }
  }

  private static List<String> names(Path root) throws IOException {
    try (Stream<Path> found = Files.list(root)) {
      return found.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }
}
