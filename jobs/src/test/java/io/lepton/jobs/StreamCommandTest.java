package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private static Path shared;

  @TempDir private Path directory;

  private Path source;
  private Path output;
  private Path alias;

  @BeforeAll
  static void train() throws IOException {
    CommandRun training = SmallJob.in(shared).run("train");
    assertThat(training.code()).as(training.err()).isZero();
  }

  @BeforeEach
  void begin() throws IOException {
    source = Files.createDirectories(directory.resolve("source"));
    output = directory.resolve("output");
    alias = Files.writeString(directory.resolve("champion"), shared.resolve("model") + "\n");
  }

  @Test
  void aStreamGoesOnAfterSigtermAndEndsWhenItIsIdle() throws Exception {
    come("first", "{\"a\": 1, \"b\": 0.5}\n{\"a\": null, \"b\": 0.5}\n");
    try (JavaProcess process =
        JavaProcess.start(
            List.of("-Xmx1g"), Lepton.class, arguments(), directory.resolve("out.txt"))) {
      process.await("{\"batch\":0,\"rows\":2,\"quarantined\":1,", PATIENCE);
      come("second", "{\"a\": 2, \"b\": 1}\n");
      process.await("{\"batch\":1,\"rows\":1,", PATIENCE);
      process.signal("TERM");

      assertThat(process.ends(PATIENCE)).as(process.err()).isEqualTo(5);
    }
    JsonNode stopped = new ObjectMapper().readTree(directory.resolve("run/result.json").toFile());
    assertThat(stopped.get("status").asText()).isEqualTo("interrupted");
    assertThat(stopped.get("batches").asInt()).isEqualTo(2);
    assertThat(stopped.get("rows").asInt()).isEqualTo(3);
    come("third", "{\"a\": 3, \"b\": 1}\nno JSON\n");

    CommandRun rest = CommandRun.of(arguments("--until-idle"));

    assertThat(rest.code()).as(rest.err()).isZero();
    assertThat(rest.json().get("batches").asInt()).isEqualTo(1);
    assertThat(rest.json().get("scored").asInt()).isEqualTo(1);
    assertThat(rest.json().get("quarantined").asInt()).isEqualTo(1);
    assertThat(rest.json().get("rows_by_version")).hasSize(1);
    assertThat(rest.json().get("latency_seconds").get("p99").asDouble()).isPositive();
    assertThat(rest.json().get("batch_latency_seconds").get("p99").asDouble()).isPositive();
    assertThat(rest.json().get("event_latency_seconds").isNull()).isTrue();
    assertThat(rest.json().get("model_loads").asInt()).isEqualTo(1);
    assertThat(rest.json().get("longest_model_wait_seconds").asDouble()).isPositive();
    try (Stream<Path> batches = Files.list(output)) {
      assertThat(batches.map(it -> it.getFileName().toString()))
          .contains("batch=0", "batch=1", "batch=2");
    }
  }

  @Test
  void whatContradictsAStreamIsRefused() {
    assertThat(CommandRun.of(arguments("--overwrite")).err())
        .contains("--stream contradicts --overwrite");
    assertThat(CommandRun.of(arguments("--kafka=host:9092")).err())
        .contains("--kafka needs --stream and --schema");
    assertThat(CommandRun.of(arguments("--batch=0")).err())
        .contains("--every and --batch must be positive");
    assertThat(CommandRun.of(arguments("--set=stream.event-tme.column=at")).err())
        .contains("did you mean stream.event-time?");
    CommandRun empty = CommandRun.of(arguments());
    assertThat(empty.code()).isEqualTo(2);
    assertThat(empty.err()).contains("there must be a file in");
  }

  @Test
  void anAliasThatDoesNotExistIsRefused() throws IOException {
    Files.delete(alias);

    CommandRun run = CommandRun.of(arguments());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("the model must be a bundle that exists");
  }

  private void come(String name, String lines) throws IOException {
    Path written = Files.writeString(directory.resolve(name), lines);
    Files.move(written, source.resolve(name + ".json"));
  }

  private List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--stream",
                "--every=0.1",
                "--format=json",
                "--model=" + alias,
                "--data=" + source,
                "--output=" + output,
                "--run-dir=" + directory.resolve("run"),
                "--master=local[2]"));
    arguments.addAll(List.of(more));
    return arguments;
  }
}
