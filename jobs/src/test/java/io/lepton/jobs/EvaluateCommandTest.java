package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private static Path directory;

  private static SmallJob job;
  private static CommandRun training;

  @BeforeAll
  static void train() throws IOException {
    job = SmallJob.in(directory);
    training = job.run("train");
    assertThat(training.code()).as(training.err()).isZero();
  }

  @Test
  void metricsATableAndPicturesAreLeft() throws IOException {
    CommandRun run =
        job.run(
            "evaluate",
            "--set=evaluation { slices = [b], bootstrap = 20, wanted-precision = 0.3,"
                + " costs { false-positive = 1, false-negative = 5 } }");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("command").asText()).isEqualTo("evaluate");
    assertThat(result.get("rows").asInt()).isEqualTo(200);
    assertThat(result.get("model_name").asText()).isEqualTo("small");
    assertThat(result.get("model_version").asText()).hasSize(64);
    assertThat(result.get("data").asText()).isEqualTo(job.data().toString());
    assertThat(result.get("metrics").get("accuracy").asDouble())
        .isEqualTo(training.json().get("metrics").get("accuracy").asDouble());
    JsonNode all = new ObjectMapper().readTree(Path.of(result.get("evaluation").asText()).toFile());
    assertThat(all.get("evaluation").get("metrics")).isEqualTo(result.get("metrics"));
    assertThat(all.get("evaluation").get("slices").findValuesAsText("value"))
        .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0");
    assertThat(all.get("evaluation").get("intervals").get("accuracy")).hasSize(2);
    assertThat(all.get("evaluation").get("thresholds")).hasSize(3);
    assertThat(Path.of(result.get("table").asText()))
        .content()
        .contains("accuracy")
        .satisfies(table -> assertThat(run.err()).contains(table));
    assertThat(result.get("pictures"))
        .hasSize(8)
        .allSatisfy(file -> assertThat(Path.of(file.asText())).isNotEmptyFile());
    assertThat(directory.resolve("run/pictures/confusion.png")).exists();
  }

  @Test
  void otherDataAndAnotherModelMayBeNamed() throws IOException {
    Path few = Files.writeString(directory.resolve("few.csv"), "a,b,label\n1,0.5,0\n6,1,1\n");
    Path moved = directory.resolve("moved");
    copy(directory.resolve("model"), moved);

    CommandRun run =
        job.run(
            "evaluate",
            "--data=" + few,
            "--model=" + moved,
            "--set=data.train=gone",
            "--set=output.model=gone");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("rows").asInt()).isEqualTo(2);
    assertThat(run.json().get("model_dir").asText()).isEqualTo(moved.toString());
  }

  @Test
  void numbersAreMeasuredAsNumbers() throws IOException {
    List<String> numbers =
        List.of(
            "--set=data.label.classes=null",
            "--set=model.layers=[{ dense { units = 1 } }]",
            "--set=output.model=\"%s\"".formatted(directory.resolve("numbers")));
    CommandRun trained = job.run("train", numbers.toArray(String[]::new));
    assertThat(trained.code()).as(trained.err()).isZero();

    CommandRun run = job.run("evaluate", numbers.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("metrics").get("rmse").asDouble())
        .isCloseTo(trained.json().get("metrics").get("rmse").asDouble(), Offset.offset(1e-5));
    assertThat(run.json().get("pictures")).isEmpty();

    CommandRun classes = job.run("evaluate", "--model=" + directory.resolve("numbers"));
    assertThat(classes.code()).isEqualTo(2);
    assertThat(classes.err()).contains("label 'label' must be numbers, classes or masks");
  }

  @Test
  void itemsAreRankedByUser() throws IOException {
    CommandRun run =
        job.run("evaluate", "--set=evaluation.ranking { user = b, cutoffs = [1, 10] }");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("metrics").fieldNames())
        .toIterable()
        .contains("hit-rate-1", "ndcg-10", "mrr");
  }

  @Test
  void aModelThatIsNotThereOrNoBundleIsRefused() throws IOException {
    CommandRun missing = job.run("evaluate", "--model=" + directory.resolve("nothing"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err())
        .contains(
            "the model must be a bundle that exists, or a file with the path of one, but there is nothing at ")
        .contains("train it, or correct the path");

    Path foreign = Files.createDirectories(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("metadata.json"), "{\"name\": \"other\"}");
    CommandRun other = job.run("evaluate", "--model=" + foreign);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("it is not a bundle of Lepton");

    Path newer = directory.resolve("newer");
    copy(directory.resolve("model"), newer);
    Path metadata = newer.resolve("metadata.json");
    Files.writeString(
        metadata, Files.readString(metadata).replaceFirst("\"format\" : 1", "\"format\" : 99"));
    CommandRun later = job.run("evaluate", "--model=" + newer);
    assertThat(later.code()).isEqualTo(2);
    assertThat(later.err()).contains("but is 99; score it with a newer version");

    Path damaged = directory.resolve("damaged");
    copy(directory.resolve("model"), damaged);
    Files.writeString(damaged.resolve("provenance.json"), "{}");
    CommandRun broken = job.run("evaluate", "--model=" + damaged);
    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.json().get("error").asText()).contains("provenance.json");
  }

  @Test
  void columnsThatAreMissingAndRowsThatAreWrongAreTold() throws IOException {
    Path narrow = Files.writeString(directory.resolve("short.csv"), "a,label\n1,0\n");
    CommandRun column = job.run("evaluate", "--data=" + narrow);
    assertThat(column.code()).isEqualTo(2);
    assertThat(column.err()).contains("there is no column 'b'");

    CommandRun slice = job.run("evaluate", "--set=evaluation.slices=region");
    assertThat(slice.code()).isEqualTo(2);
    assertThat(slice.err()).contains("there is no column 'region' to evaluate with");

    Path wrong = Files.writeString(directory.resolve("wrong.csv"), "a,b,label\n1,,0\n2,1,1\n");
    CommandRun rows = job.run("evaluate", "--data=" + wrong);
    assertThat(rows.code()).as(rows.err()).isEqualTo(3);
    assertThat(rows.err()).contains("rows cannot be scored:").contains("column 'b'");

    CommandRun nothing = job.run("evaluate", "--data=" + directory.resolve("none.csv"));
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("--data must name data that exists");
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
