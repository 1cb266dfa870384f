package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.LeptonSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, as {@code ./lepton} runs it. */
@Tag("jar")
class LauncherTest {
  private static final Path JAR = Path.of("target", "lepton.jar");
  private static final Duration TIME = Duration.ofMinutes(5);
  private static final String TOPIC = "visits";

  @TempDir private Path directory;

  @Test
  void aStreamOutOfKafkaIsScoredWithWhatIsInTheJar() throws Exception {
    Assumptions.assumeTrue(Files.exists(JAR), "the jar must be packaged to be run: " + JAR);
    CommandRun training = SmallJob.in(directory).run("train");
    assertThat(training.code()).as(training.err()).isZero();
    Path place = Files.createDirectories(directory.resolve("broker"));
    Path out = directory.resolve("predict.out");
    try (KafkaBroker broker = KafkaBroker.start(place)) {
      broker.create(TOPIC, 2);
      broker.send(
          TOPIC,
          IntStream.range(0, 300)
              .mapToObj(
                  i ->
                      Map.entry("k" + i, "{\"id\": %d, \"a\": %d, \"b\": 0.5}".formatted(i, i % 7)))
              .toList());
      broker.send(TOPIC, List.of(Map.entry("text", "no JSON")));
      try (JavaProcess stream =
          JavaProcess.launcher(
              List.of(
                  "predict",
                  "--stream",
                  "--until-idle",
                  "--batch=100",
                  "--kafka=" + broker.servers(),
                  "--schema=id bigint, a double, b double",
                  "--model=" + directory.resolve("model"),
                  "--data=" + TOPIC,
                  "--output=" + directory.resolve("scored"),
                  "--run-dir=" + directory.resolve("run"),
                  "--master=local[2]"),
              out)) {
        assertThat(stream.ends(TIME)).as(stream.err()).isZero();
      }
    }
    List<String> said = Files.readAllLines(out);
    JsonNode result = new ObjectMapper().readTree(said.get(said.size() - 1));
    assertThat(result.get("rows").asInt()).isEqualTo(301);
    assertThat(result.get("quarantined").asInt()).isEqualTo(1);
    try (SparkSession spark = LeptonSpark.builder().master("local[2]").getOrCreate()) {
      List<Row> scored =
          spark.read().parquet(directory.resolve("scored").toString()).collectAsList();
      assertThat(scored)
          .extracting(row -> row.<Long>getAs("id"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 300).mapToObj(Long::valueOf).toList());
    }
  }
}
