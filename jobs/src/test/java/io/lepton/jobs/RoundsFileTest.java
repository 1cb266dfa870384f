package io.lepton.jobs;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundsFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private SmallJob job;

  @BeforeEach
  void writeJob() throws IOException {
    job = SmallJob.in(directory);
  }

  @Test
  void everyRoundIsALineWithAllThatIsKnownOfIt() throws IOException {
    JsonNode result = done(job.run("train"));

    List<JsonNode> rounds = lines().getOrDefault("round", List.of());
    assertThat(rounds).hasSize(8);
    JsonNode first = rounds.get(0);
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "round",
            "epoch",
            "loss",
            "metrics",
            "replica_losses",
            "local_steps",
            "batch_size",
            "learning_rate",
            "disagreement",
            "delta_norm",
            "cosine",
            "bytes_down",
            "bytes_up",
            "seconds",
            "examples",
            "examples_per_second",
            "skipped_steps",
            "replica_seconds",
            "straggling",
            "left_out",
            "memory_lost",
            "memory");
    long examples = 0;
    for (JsonNode round : rounds) {
      JsonNode seconds = round.get("seconds");
      assertThat(round.get("round").asInt()).isEqualTo(rounds.indexOf(round) + 1);
      assertThat(round.get("epoch").asInt()).isEqualTo(1 + rounds.indexOf(round) / 4);
      assertThat(round.get("local_steps").asInt()).isEqualTo(2);
      assertThat(round.get("batch_size").asInt()).isEqualTo(16);
      assertThat(round.get("learning_rate").asDouble()).isEqualTo(0.001f);
      assertThat(round.get("loss").asDouble()).isPositive();
      assertThat(round.get("metrics").get("accuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(round.get("delta_norm").asDouble()).isPositive();
      assertThat(seconds.get("total").asDouble())
          .isGreaterThanOrEqualTo(seconds.get("compute").asDouble());
      assertThat(round.get("straggling").asDouble()).isGreaterThanOrEqualTo(1);
      assertThat(round.get("left_out")).isEmpty();
      assertThat(round.get("memory").get("heap").asLong()).isPositive();
      assertThat(round.get("memory").get("direct").asLong()).isPositive();
      examples += round.get("examples").asLong();
    }
    assertThat(examples).isEqualTo(result.get("examples").asLong());
    assertThat(first.get("loss").asDouble())
        .isBetween(
            Math.min(replicaLoss(first, "0"), replicaLoss(first, "1")),
            Math.max(replicaLoss(first, "0"), replicaLoss(first, "1")));
    assertThat(first.get("bytes_down").asLong() + first.get("bytes_up").asLong())
        .isEqualTo(result.get("bytes_sent_per_round").asLong());
    assertThat(first.get("cosine").asDouble()).isZero();
    assertThat(rounds.get(1).get("cosine").asDouble()).isNotZero();
    assertThat(result.get("adaptations")).isEmpty();
    assertThat(result.get("replicas_left_out").asInt()).isZero();
  }

  @Test
  void whatElseHappensIsALineWithTheNameOfTheEvent() throws IOException {
    CommandRun run =
        job.run(
            "train",
            "--set=training.epochs=3",
            "--set=training.precision=float32",
            "--set=training.optimizer.sgd.learning-rate=1e-12",
            "--set=training.learning-rate-schedule.plateau { decay = 0.5, patience = 1 }",
            "--set=averaging.local-steps=null",
            "--set=averaging.local-steps.post-local { synchronous-steps = 2, local-steps = 3 }");

    JsonNode result = done(run);
    Map<String, List<JsonNode>> lines = lines();
    assertThat(lines.keySet()).containsExactlyInAnyOrder("round", "precision", "epoch", "adapted");
    assertThat(lines.get("precision")).hasSize(1);
    assertThat(lines.get("precision").get(0).get("precision").asText()).isEqualTo("float32");
    assertThat(lines.get("epoch")).hasSize(3);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(lines.get("epoch").get(epoch).get("loss"))
          .isEqualTo(result.get("history").get(epoch).get("loss"));
    }
    assertThat(lines.get("adapted")).hasSize(3);
    JsonNode steps = lines.get("adapted").get(0);
    assertThat(steps.get("knob").asText()).isEqualTo("local-steps");
    assertThat(steps.get("from").asInt()).isEqualTo(1);
    assertThat(steps.get("to").asInt()).isEqualTo(3);
    assertThat(steps.get("round").asInt()).isEqualTo(3);
    assertThat(steps.get("reason").asText()).isEqualTo("the synchronous start is over");
    JsonNode rate = lines.get("adapted").get(2);
    assertThat(rate.get("knob").asText()).isEqualTo("learning-rate");
    assertThat(rate.get("from").asDouble()).isEqualTo(5e-13, offset(1e-18));
    assertThat(rate.get("to").asDouble()).isEqualTo(2.5e-13, offset(1e-18));
    assertThat(rate.get("reason").asText())
        .isEqualTo("accuracy has not become better for 1 epochs");
    assertThat(result.get("adaptations")).hasSize(3);
    assertThat(run.err())
        .contains("\nlocal-steps 1 → 3 from round 3: the synchronous start is over\n")
        .contains("\nlearning-rate 1.0E-12 → 5.0E-13 from round ");
  }

  @Test
  void replicasThatAreLeftOutAndRoundsThatAreUndoneAreNamed() throws IOException {
    CommandRun run =
        job.run(
            "train",
            "--set=training.precision=float32",
            "--set=training.optimizer.sgd.learning-rate=1e38",
            "--set=averaging.rollback { rate-factor = 1e-39, most = 1 }");

    JsonNode result = done(run);
    Map<String, List<JsonNode>> lines = lines();
    JsonNode undone = lines.get("rollback").get(0);
    int round = undone.get("round").asInt();
    assertThat(lines.get("rollback")).hasSize(1);
    assertThat(undone.get("loss").isNull()).isTrue();
    assertThat(undone.get("to_start_of").asInt()).isEqualTo(Math.max(1, round - 1));
    assertThat(lines.get("round").get(round - 1).get("loss").isNull()).isTrue();
    assertThat(lines.get("round").get(round - 1).get("left_out").fieldNames())
        .toIterable()
        .containsExactly("0", "1");
    assertThat(lines.get("left_out"))
        .hasSize(result.get("replicas_left_out").asInt())
        .anyMatch(line -> line.get("round").asInt() == round);
    assertThat(result.get("adaptations").get(0).get("reason").asText())
        .isEqualTo("the loss of round %d was no finite number".formatted(round));
    assertThat(run.err())
        .contains("\nround %d leaves out replica 0: its loss was ".formatted(round))
        .contains("\ngoing back to where round ");
  }

  @Test
  void aRunThatGoesOnAddsToTheFileAndOneThatStartsAnewReplacesIt() throws IOException {
    String place = "--set=checkpoints.directory=\"%s\"".formatted(directory.resolve("checkpoints"));
    done(job.run("train", place));
    done(job.run("train", place, "--set=training.epochs=3", "--accept-changes"));

    Map<String, List<JsonNode>> lines = lines();
    assertThat(lines.get("resumed").get(0).get("round").asInt()).isEqualTo(8);
    assertThat(lines.get("round")).hasSize(12);

    done(job.run("train"));
    assertThat(lines().get("round")).hasSize(8);
    assertThat(lines()).doesNotContainKey("resumed");
  }

  private static double replicaLoss(JsonNode round, String replica) {
    return round.get("replica_losses").get(replica).asDouble();
  }

  private static JsonNode done(CommandRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return run.json();
  }

  /** The lines of the file by their event. */
  private Map<String, List<JsonNode>> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("run/rounds.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines.stream().collect(groupingBy(line -> line.path("event").asText("round")));
  }
}
