package io.lepton.jobs;

import static io.lepton.jobs.ClusterJob.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose processes prove who they are and encrypt what they send and store. */
@Tag("chaos")
class EncryptedClusterTest {
  private static final Map<String, String> SECRET =
      Map.of(
          "spark.authenticate", "true",
          "spark.authenticate.secret", "only known here",
          "spark.network.crypto.enabled", "true",
          "spark.network.crypto.cipher", "AES/CTR/NoPadding",
          "spark.io.encryption.enabled", "true");

  @TempDir private Path directory;

  @Test
  void aTrainingWithAuthenticationAndEncryptionHasTheSameBits() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 2, SECRET)) {
      ClusterJob job = ClusterJob.on(cluster, directory).with(SECRET);

      assertSame(job.result(), ClusterJob.undisturbed(directory));
    }
  }

  /** Of 27 MB of parameters, by four executors, six replicas, of which two are folded at once. */
  @Test
  void soHasOneWhoseExecutorsReadFromEachOtherAndFoldForEachOther() throws Exception {
    String[] sets = {
      "--set=model.layers=[{dense{units=1500,activation=relu}},{dense{units=1500}},{dense{units=2}}]",
      "--set=training={epochs=3,batch-size=8}",
      "--set=averaging={replicas=6,local-steps=2,fold-width=2}"
    };
    Map<String, String> four = new HashMap<>(SECRET);
    four.put("spark.cores.max", "4");
    four.put("spark.executor.memory", "768m");
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 2, SECRET)) {
      ClusterJob job = ClusterJob.on(cluster, directory).with(four);
      JsonNode result = job.result(sets);
      List<JsonNode> rounds = rounds();

      assertThat(rounds)
          .hasSizeGreaterThan(3)
          .allSatisfy(
              round ->
                  assertThat(round.get("driver_bytes_up").asLong())
                      .isBetween(1L, round.get("bytes_up").asLong() / 2));
      assertThat(sum(rounds, "driver_bytes_down"))
          .isBetween(1L, sum(rounds, "bytes_down") * 9 / 10);
      assertSame(result, ClusterJob.undisturbed(directory, sets));
    }
  }

  private List<JsonNode> rounds() throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("run/rounds.jsonl"))) {
      rounds.add(new ObjectMapper().readTree(line));
    }
    rounds.removeIf(line -> !line.has("driver_bytes_up"));
    return rounds;
  }

  private static long sum(List<JsonNode> rounds, String field) {
    return rounds.stream().mapToLong(round -> round.get(field).asLong()).sum();
  }
}
