package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private static Path shared;

  @TempDir private Path directory;

  private Path alias;
  private StreamJob job;

  @BeforeAll
  static void train() throws IOException {
    CommandRun training = SmallJob.in(shared).run("train");
    assertThat(training.code()).as(training.err()).isZero();
  }

  @BeforeEach
  void begin() throws IOException {
    alias = Files.writeString(directory.resolve("champion"), shared.resolve("model") + "\n");
    job = StreamJob.ofFiles(directory, alias, "json");
  }

  @Test
  void aStreamGoesOnAfterSigtermAndEndsWhenItIsIdle() throws Exception {
    job.come("first.json", "{\"a\": 1, \"b\": 0.5}\n{\"a\": null, \"b\": 0.5}\n");
    try (JavaProcess process = job.start()) {
      process.await("{\"batch\":0,\"rows\":2,\"quarantined\":1,", PATIENCE);
      job.come("second.json", "{\"a\": 2, \"b\": 1}\n");
      process.await("{\"batch\":1,\"rows\":1,", PATIENCE);
      process.signal("TERM");

      assertThat(process.ends(PATIENCE)).as(process.err()).isEqualTo(5);
    }
    JsonNode stopped = job.result();
    assertThat(stopped.get("status").asText()).isEqualTo("interrupted");
    assertThat(stopped.get("batches").asInt()).isEqualTo(2);
    assertThat(stopped.get("rows").asInt()).isEqualTo(3);
    job.come("third.json", "{\"a\": 3, \"b\": 1}\nno JSON\n");

    CommandRun rest = job.run("--until-idle");

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
    try (Stream<Path> batches = Files.list(job.output())) {
      assertThat(batches.map(it -> it.getFileName().toString()))
          .contains("batch=0", "batch=1", "batch=2");
    }
  }

  @Test
  void whatContradictsAStreamIsRefused() {
    assertThat(job.run("--overwrite").err()).contains("--stream contradicts --overwrite");
    assertThat(job.run("--kafka=host:9092").err()).contains("--kafka needs --stream and --schema");
    assertThat(job.run("--batch=0").err()).contains("--every and --batch must be positive");
    assertThat(job.run("--set=stream.event-tme.column=at").err())
        .contains("did you mean stream.event-time?");
    CommandRun empty = job.run();
    assertThat(empty.code()).isEqualTo(2);
    assertThat(empty.err()).contains("there must be a file in");
  }

  @Test
  void anAliasThatDoesNotExistIsRefused() throws IOException {
    Files.delete(alias);

    CommandRun run = job.run();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("the model must be a bundle that exists");
  }
}
