package io.lepton.jobs;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams out of a broker of Kafka. */
class KafkaCommandTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TOPIC = "visits";

  @TempDir private Path directory;

  private KafkaBroker broker;
  private StreamJob job;

  @Test
  void recordsAreScoredOnceThoughTheModelIsSwappedAndTheProcessKilled() throws Exception {
    Path first = train("first", 7);
    Path second = train("second", 8);
    Path alias = Files.writeString(directory.resolve("champion"), first + "\n");
    Path place = Files.createDirectories(directory.resolve("broker"));
    try (KafkaBroker started = KafkaBroker.start(place)) {
      broker = started;
      broker.create(TOPIC, 2);
      job =
          StreamJob.ofTopic(
              directory, alias, broker.servers(), TOPIC, "id bigint, a double, b double");
      send(0, 300);
      poison();
      swapAndKill(second);
      send(500, 700);

      CommandRun rest = job.run("--batch=100", "--until-idle");

      assertThat(rest.code()).as(rest.err()).isZero();
      assertThat(rest.json().get("latency_seconds").get("max").asDouble()).isPositive();
      assertThat(job.run("--batch=100", "--until-idle").json().get("rows").asInt()).isZero();
    }
    everyRecordIsThereOnce();
  }

  private void swapAndKill(Path second) throws Exception {
    try (JavaProcess process = job.start("--batch=100")) {
      String line = process.await("{\"batch\":0,", PATIENCE);
      String version = line.replaceAll(".*\"model_version\":\"(\\w+)\".*", "$1");
      process.await("{\"batch\":3,", PATIENCE);
      Files.move(
          Files.writeString(directory.resolve("next"), second + "\n"),
          job.model(),
          StandardCopyOption.REPLACE_EXISTING);
      send(300, 500);
      process.await("{\"batch\":5,", PATIENCE);
      assertThat(process.err().lines().filter(it -> it.startsWith("{\"batch\":")))
          .anyMatch(it -> !it.contains(version));
      process.kill();
    }
  }

  private void everyRecordIsThereOnce() throws IOException {
    try (SparkSession spark = LeptonSpark.builder().master("local[2]").getOrCreate()) {
      List<Row> scored = spark.read().parquet(job.output().toString()).collectAsList();
      assertThat(scored)
          .extracting(row -> row.<Long>getAs("id"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 700).mapToObj(Long::valueOf).toList());
      assertThat(scored)
          .allMatch(row -> row.<String>getAs("kafka_key").equals("k" + row.<Long>getAs("id")));
      Map<Integer, Set<String>> versions =
          scored.stream()
              .collect(
                  groupingBy(
                      row -> row.<Integer>getAs("batch"),
                      mapping(row -> row.<String>getAs("model_version"), toSet())));
      assertThat(versions.values()).allMatch(each -> each.size() == 1);
      assertThat(versions.values().stream().flatMap(Set::stream).distinct()).hasSize(2);
      Map<String, Row> refused =
          spark.read().parquet(job.quarantine().toString()).collectAsList().stream()
              .collect(toMap(row -> row.getAs("kafka_key"), row -> row));
      assertThat(refused).containsOnlyKeys("text", "nothing", "type", "null", "list");
      assertThat(refused.get("text").<String>getAs("_corrupt_record")).isEqualTo("no JSON");
      assertThat(refused.get("nothing").<String>getAs("_corrupt_record")).isEmpty();
      assertThat(refused.get("null").<String>getAs("reason")).startsWith("column 'b': ");
      assertThat(refused.get("type").<Long>getAs("kafka_offset")).isNotNegative();
    }
  }

  private void send(int from, int to) throws Exception {
    broker.send(
        TOPIC,
        IntStream.range(from, to)
            .mapToObj(
                i -> Map.entry("k" + i, "{\"id\": %d, \"a\": %d, \"b\": 0.5}".formatted(i, i % 7)))
            .toList());
  }

  private void poison() throws Exception {
    broker.send(
        TOPIC,
        List.of(
            Map.entry("text", "no JSON"),
            new SimpleEntry<>("nothing", null),
            Map.entry("type", "{\"id\": 1000, \"a\": \"much\", \"b\": 1}"),
            Map.entry("null", "{\"id\": 1001, \"a\": 1}"),
            Map.entry("list", "[{\"id\": 1002, \"a\": 1, \"b\": 1}]")));
  }

  private Path train(String name, int seed) throws IOException {
    Path model = directory.resolve(name);
    CommandRun training =
        SmallJob.in(directory)
            .run("train", "--set=seed=" + seed, "--set=output.model=\"" + model + "\"");
    assertThat(training.code()).as(training.err()).isZero();
    return model;
  }
}
