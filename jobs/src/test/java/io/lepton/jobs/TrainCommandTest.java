package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.spark.LeptonSpark;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path directory;

  private SmallJob job;
  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    job = SmallJob.in(directory);
    data = job.data();
  }

  @Test
  void trainingEndsWithOneLineOfJsonAndABundle() throws IOException {
    CommandRun run = run("train");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("status").asText()).isEqualTo("done");
    assertThat(result.get("command").asText()).isEqualTo("train");
    assertThat(result.get("epochs").asInt()).isEqualTo(2);
    assertThat(result.get("examples").asInt()).isEqualTo(400);
    assertThat(result.get("rounds").asInt()).isEqualTo(8);
    assertThat(result.get("metrics"))
        .isEqualTo(result.get("history").get(result.get("best_epoch").asInt() - 1).get("metrics"));
    assertThat(result.get("metrics").get("accuracy").asDouble()).isBetween(0.0, 1.0);
    assertThat(result.get("parameters_sha256").asText()).hasSize(64);
    assertThat(result.get("phases").fieldNames())
        .toIterable()
        .containsExactly(
            "broadcast", "checkpoint", "compute", "evaluate", "ingest", "reduce", "start");
    assertThat(result.get("history")).allMatch(epoch -> epoch.get("bytes_copied").asLong() == 0);
    assertThat(directory.resolve("model/MANIFEST.json")).exists();
    assertThat(directory.resolve("model/model/saved_model.pb")).exists();
    assertThat(directory.resolve("run/configuration.conf")).content().contains("# default");
    assertThat(directory.resolve("run/result.json")).content().isEqualTo(run.lastLine() + "\n");
    assertThat(run.err()).contains("round 8/8 epoch 2 loss ");
  }

  @Test
  void theTestSetIsEvaluatedWithTheBestEpochsParameters() throws IOException {
    CommandRun run = run("train", "--set", "data.test=\"%s\"".formatted(data));

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("test").get("rows").asInt()).isEqualTo(200);
    assertThat(result.get("test").get("metrics")).isEqualTo(result.get("metrics"));
    assertThat(result.get("test").get("loss")).isEqualTo(result.get("loss"));
    assertThat(run.err()).contains("test loss ");
  }

  @Test
  void aBundleThatIsNotToBeReplacedIsToldBeforeAnythingStarts() throws IOException {
    Files.createDirectories(directory.resolve("model"));
    List<String> commands = List.of("train", "plan");
    for (String command : commands) {
      CommandRun run =
          run(command, "--set=output.overwrite=false", "--set=data.test=\"nowhere.csv\"");

      assertThat(run.code()).as(run.err()).isEqualTo(2);
      assertThat(run.err())
          .contains("data.test must name data that exists")
          .contains("output.model: " + directory.resolve("model"))
          .contains("must not exist, but does; set output.overwrite = true");
      assertThat(directory.resolve("run")).doesNotExist();
    }
    assertThat(run("find-rate", "--set=output.overwrite=false", "--steps=4").code()).isZero();
  }

  @Test
  void aDryRunTrainsNothing() throws IOException {
    CommandRun run = run("train", "--dry-run");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("rows").asInt()).isEqualTo(200);
    assertThat(run.json().get("rounds").asInt()).isEqualTo(8);
    assertThat(run.json().get("parameters").asInt()).isEqualTo(6);
    assertThat(directory.resolve("model")).doesNotExist();
  }

  @Test
  void aPlanTellsWhatRoundsTakeWithMoreReplicas() throws IOException {
    CommandRun plan = run("plan", "--scale", "10");

    assertThat(plan.code()).as(plan.err()).isZero();
    JsonNode scale = plan.json().get("scale");
    assertThat(scale.findValuesAsText("replicas")).containsExactly("2", "8", "64", "512", "4096");
    assertThat(scale.get(4).get("bytes_up").asLong())
        .isEqualTo(2048 * scale.get(0).get("bytes_up").asLong());
    assertThat(scale.findValuesAsText("fold_levels")).containsExactly("0", "0", "1", "2", "2");
    assertThat(scale.get(4).get("driver_bytes_up").asLong())
        .isEqualTo(8 * scale.get(0).get("bytes_up").asLong());
    assertThat(scale.get(4).get("seconds").asDouble())
        .isGreaterThan(scale.get(3).get("seconds").asDouble());
    assertThat(plan.err())
        .contains("a round of 2 steps over a driver's link of 10.0 Gbit/s")
        .contains("   4,096 ");
    assertThat(run("plan", "--scale=0").err()).contains("--scale must be positive, but was: 0.0");
  }

  @Test
  void aModelOfTheZooIsPlannedAndTrainedByItsName() throws IOException {
    CommandRun plan = run("plan", "--set=model={ layers = null, zoo = wide-and-deep }");

    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.json().get("parameters").asInt())
        .isEqualTo(2 + (2 * 128 + 128) + (128 * 64 + 64) + (64 + 1));
    assertThat(plan.err()).contains("dense_1 ").contains("add_");

    CommandRun run = run("train", "--set=model={ layers = null, zoo.mlp.hidden = [16] }");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("metrics").has("auc")).isTrue();
    assertThat(directory.resolve("run/configuration.conf"))
        .content()
        .contains("mlp {")
        .contains("hidden = [16]")
        .doesNotContain("dense");
  }

  /** A user's class: one layer of {@code width} units and the output. */
  public static final class Narrow implements Architecture {
    private final int width;

    public Narrow(Map<String, Object> options) {
      width = ((Number) options.get("width")).intValue();
    }

    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return Node.chain(
          new Layer.Dense(width, Activation.RELU, true),
          new Layer.Dense(output.get(0), Activation.LINEAR, true));
    }
  }

  @Test
  void aModelOfAClassOnTheClassPathIsTrained() throws IOException {
    CommandRun run =
        run(
            "train",
            "--set=model={ layers = null, class { name = \"%s\", options.width = 3 } }"
                .formatted(Narrow.class.getName()));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("epochs").asInt()).isEqualTo(2);
    assertThat(directory.resolve("model/model/saved_model.pb")).exists();
  }

  @Test
  void missingDataIsAProblemOfTheConfiguration() {
    CommandRun run =
        run(
            "train",
            "--set",
            "data.train=nowhere.csv",
            "--set",
            "data.validation=none.csv",
            "--set",
            "data.test=gone.csv");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("data.train must name data that exists, but there is nothing at file:")
        .contains("nowhere.csv; correct the path")
        .contains("data.validation must name data that exists")
        .contains("data.test must name data that exists");
    assertNothingWritten();
  }

  @Test
  void aMisspeltColumnIsAnsweredWithTheNearest() {
    CommandRun run = run("train", "--set", "data.label.column=lable");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "data.label: there is no column 'lable'; the nearest is 'label', of: a, b, label");
    assertNothingWritten();
  }

  @Test
  void aMisspeltSettingIsAnsweredWithTheNearest() {
    CommandRun run = run("train", "--set", "training.epoch=3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("training.epoch").contains("training.epochs");
    assertNothingWritten();
  }

  @Test
  void layersThatDoNotFitTheColumnsAreNamed() {
    CommandRun run =
        run("plan", "--set", "model.layers=[{ conv2d { filters = 2, kernel-size = 3 } }]");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("conv2d").contains("[height, width, channels]").contains("[2]");
  }

  @Test
  void nullsNansAndForeignClassesAreListedTogether() throws IOException {
    Files.writeString(data, SmallJob.HEADER + "1,2.5,0\n,NaN,1\n3,0.5,7\n");
    CommandRun run = run("train");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains("the training set cannot be trained on:")
        .contains("column 'a': values must not be null; 1 row breaks that, first row 1 of")
        .contains("column 'b': values must be finite; 1 row breaks that, first row 1 of")
        .contains("column 'label': classes must be whole numbers from 0 to 1; 1 row breaks that,")
        .contains("first row 2 of partition 0 with 7")
        .doesNotContain("\tat ");
    assertNothingWritten();
  }

  @Test
  void anEmptyTrainingSetIsRefused() throws IOException {
    String empty = directory.resolve("empty.parquet").toString();
    try (SparkSession spark = LeptonSpark.builder().master("local[1]").getOrCreate()) {
      spark.sql("select 1f a, 2f b, 0 label where false").write().parquet(empty);
    }
    CommandRun run = run("train", "--set", "data.train=\"%s\"".formatted(empty));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains("the training set must have rows, but has none")
        .doesNotContain("\tat ");
    assertNothingWritten();
  }

  @Test
  void wrongUsageShowsTheUsage() {
    assertThat(CommandRun.of(List.of("trian")).code()).isEqualTo(2);
    assertThat(CommandRun.of(List.of("train")).err()).contains("CONFIG").contains("--set");
    assertThat(CommandRun.of(List.of()).code()).isEqualTo(2);
  }

  @Test
  void allThatChangesUpdatesCanBeSet() throws IOException {
    CommandRun run =
        run(
            "train",
            "--set=training.optimizer.adamw.weight-decay=0.1",
            "--set=training.learning-rate-schedule.cosine.warm-up-steps=3",
            "--set=training.gradients={clip-global-norm=1,accumulate=2}",
            "--set=training.frozen=[\"*/bias\"]",
            "--set=training.learning-rates={\"dense_0/*\"=2}",
            "--set=training.ema={}");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("epochs").asInt()).isEqualTo(2);
    assertThat(run("train", "--set=training.frozen=head").err())
        .contains("'head' matched none of [dense_0/kernel, dense_0/bias]");
  }

  @Test
  void ratesAreTriedAndOneIsSuggested() throws IOException {
    CommandRun run = run("find-rate", "--from=1e-4", "--to=1", "--steps=20");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("command").asText()).isEqualTo("find-rate");
    assertThat(result.get("curve")).isNotEmpty();
    assertThat(result.get("curve").get(0).get("rate").asDouble()).isEqualTo(1e-4);
    assertThat(result.get("suggested_rate").asDouble()).isBetween(1e-4, 1.0);
    assertThat(run.err()).contains("1.0e-04   ").contains("suggested rate: ");
    assertNothingWritten();
  }

  @Test
  void ratesToTryMustRise() {
    CommandRun run = run("find-rate", "--from=1", "--to=0.1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("rates must rise from a positive one, but were: 1.0 to 0.1");
  }

  private void assertNothingWritten() {
    assertThat(directory.resolve("model")).doesNotExist();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.contains("incoming"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private CommandRun run(String command, String... more) {
    return job.run(command, more);
  }
}
