package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models out of Keras, by a file, an export, and a signature that gives gradients. */
class ImportedModelsTest {
  private static final Path MODELS =
      Path.of("..", "lepton-spark", "src", "test", "resources", "models");
  private static final String KERAS = "keras.path=" + quoted(MODELS.resolve("dense.keras"));
  private static final String SAVED_MODEL = "saved-model.path=" + quoted(MODELS.resolve("dense"));
  private static final String GRADIENTS =
      "saved-model={ path = %s, gradients {} }".formatted(quoted(MODELS.resolve("dense")));

  @TempDir private Path directory;

  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 200; i++) {
      rows.append("%d,%s,%d%n".formatted(i % 7, (i % 5) / 2.0, i % 7 > 3 ? 1 : 0));
    }
    data = Files.writeString(directory.resolve("data.csv"), rows);
  }

  @Test
  void allThreeWaysTrainAlike() throws IOException {
    JsonNode keras = history(run("train", KERAS));
    JsonNode saved = history(run("train", SAVED_MODEL));
    JsonNode gradients = history(run("train", GRADIENTS));

    assertThat(keras.get(2).get("loss").asDouble())
        .isLessThan(0.9 * keras.get(0).get("loss").asDouble());
    for (int epoch = 0; epoch < 3; epoch++) {
      for (String field : List.of("training_loss", "loss")) {
        double expected = keras.get(epoch).get(field).asDouble();
        assertThat(saved.get(epoch).get(field).asDouble()).isCloseTo(expected, within(1e-5));
        assertThat(gradients.get(epoch).get(field).asDouble()).isCloseTo(expected, within(1e-5));
      }
      assertThat(gradients.get(epoch).get("metrics").get("accuracy"))
          .isEqualTo(saved.get(epoch).get("metrics").get("accuracy"));
    }
  }

  @Test
  void gradientsOfFrozenWeightsDoNotCountWhereTheyAreClipped() throws IOException {
    String[] sets = {
      "--set=training.frozen=\"*kernel*\"", "--set=training.gradients.clip-global-norm=0.02"
    };
    JsonNode saved = history(run("train", SAVED_MODEL, sets));
    JsonNode gradients = history(run("train", GRADIENTS, sets));

    assertThat(gradients.get(2).get("loss").asDouble())
        .isCloseTo(saved.get(2).get("loss").asDouble(), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras", "saved", "gradients"})
  void aPlanTellsParametersAndWhatWasDecided(String way) throws IOException {
    CommandRun run =
        run(
            "plan",
            switch (way) {
              case "keras" -> KERAS;
              case "saved" -> SAVED_MODEL;
              default -> GRADIENTS;
            });

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("parameters").asInt()).isEqualTo(2 * 4 + 4 + 4 * 2 + 2);
    assertThat(run.err())
        .contains(
            switch (way) {
              case "keras" -> "model: 2 layers and 4 weights are those of the .keras file";
              case "saved" -> "model: training computes what inference computes: ";
              default ->
                  "model: training computes the loss and gradients of endpoint loss_and_grads";
            });
  }

  @Test
  void aWarmStartGoesOnFromTheLossItEndedAt() throws IOException {
    CommandRun first = run("train", KERAS);
    CommandRun second =
        run(
            "train",
            KERAS,
            "--set=model.warm-start.bundle=" + quoted(directory.resolve("model")),
            "--set=output.model=" + quoted(directory.resolve("second")),
            "--set=training.optimizer.sgd.learning-rate=1e-9");

    assertThat(second.err()).contains("4 weights start from the values given");
    assertThat(history(second).get(0).get("loss").asDouble())
        .isCloseTo(first.json().get("loss").asDouble(), within(1e-6));
  }

  @Test
  void aNewHeadStartsAnewOnFrozenLayers() throws IOException {
    assertThat(run("train", KERAS).code()).isZero();
    List<String> sets =
        List.of(
            "--set=model.warm-start.bundle=" + quoted(directory.resolve("model")),
            "--set=output.model=" + quoted(directory.resolve("second")),
            "--set=training.frozen=\"hidden/*\"",
            "--set=training.learning-rates={\"new/*\"=10}");
    String layers =
        "layers=[{dense{units=4,activation=tanh,name=hidden}},{dense{units=2,name=new}}]";
    CommandRun all = run("train", layers, sets.toArray(String[]::new));
    assertThat(all.code()).isEqualTo(2);
    assertThat(all.err()).contains("'new/kernel' was not saved, 'new/bias' was not saved");

    List<String> hidden = new ArrayList<>(sets);
    hidden.add("--set=model.warm-start.names=\"hidden/*\"");
    CommandRun run = run("train", layers, hidden.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("2 weights start from the values given");
    List<String> part = new ArrayList<>(sets);
    part.add("--set=model.warm-start.partial=true");
    assertThat(run("train", layers, part.toArray(String[]::new)).json().get("parameters_sha256"))
        .isEqualTo(run.json().get("parameters_sha256"));
  }

  @Test
  void aBundleHoldsAFrozenModelIfItIsWanted() throws IOException {
    assertThat(run("train", GRADIENTS, "--set=output.frozen=true").code()).isZero();
    assertThat(directory.resolve("model/frozen/saved_model.pb")).exists();
    assertThat(directory.resolve("model/MANIFEST.json"))
        .content()
        .contains("frozen/saved_model.pb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data.weight-column=b                       | must be without example weights, but there was
          data.label.class-weights=[1,2]             | must be without class weights, but there were
          """)
  void whatASignatureOfGradientsCannotKnowIsRefused(String set, String rule) {
    CommandRun run = run("train", GRADIENTS, "--set=" + set);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("gradients come out of a signature " + rule);
  }

  @Test
  void labelsOfASignatureAreNamedWhereThereAreSeveral() {
    CommandRun run =
        run(
            "train",
            GRADIENTS,
            "--set=data.label=null",
            "--set=data.labels.a={column=label,classes=2}",
            "--set=data.labels.b={column=label,classes=2}");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "the signature with the gradients takes [kind, table], but the inputs are [table] and"
                + " the labels [a, b]; call inputs and labels as it does");
  }

  private static JsonNode history(CommandRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return run.json().get("history");
  }

  private static String quoted(Path path) {
    return "\"%s\"".formatted(path);
  }

  private CommandRun run(String command, String model, String... more) {
    try {
      Path file =
          Files.writeString(
              directory.resolve("job.conf"),
              """
              name = small
              data {
                train = "%1$s"
                validation = "%1$s"
                inputs.table { columns = [a, b] }
                label { column = label, classes = 2 }
              }
              training {
                epochs = 3, batch-size = 16, precision = float32, optimizer.sgd.learning-rate = 0.1
              }
              averaging { replicas = 1, local-steps = 4 }
              output.model = "%2$s"
              """
                  .formatted(data, directory.resolve("model")));
      List<String> arguments = new ArrayList<>(List.of(command, file.toString()));
      arguments.add("--set=model." + model);
      arguments.addAll(List.of(more));
      arguments.addAll(List.of("--run-dir", directory.resolve("run").toString()));
      arguments.addAll(List.of("--master", "local[2]"));
      return CommandRun.of(arguments);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
