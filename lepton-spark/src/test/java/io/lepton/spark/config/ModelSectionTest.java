package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.ImportedLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSectionTest {
  private static final Path MODELS = Path.of("src", "test", "resources", "models");
  private static final String DENSE = MODELS.resolve("dense").toString();
  private static final String KERAS =
      "model { layers = null, keras.path = \"%s\" }".formatted(MODELS.resolve("dense.keras"));
  private static final String TABLE =
      "data { inputs { x = null, table.columns = [a, b] }, label.classes = 2 }";

  @TempDir Path directory;

  @Test
  void aKerasFileIsLayersWeightsAndLogits() {
    JobConfiguration job = JobFile.minimalAnd(directory, KERAS, TABLE).load();

    assertThat(job.objectives().get(0).loss()).isEqualTo(new Loss.Softmax(2));
    assertThat(job.layers().get(1).layer()).isEqualTo(new Layer.Dense(2, Activation.LINEAR, true));
    assertThat(job.trainingJob().start().weights())
        .containsOnlyKeys("hidden/kernel", "hidden/bias", "head/kernel", "head/bias");
    assertThat(job.trainingJob().start().scalars()).isEmpty();
  }

  @Test
  void aSavedModelIsOneLayerThatGivesLogitsToALossOfClasses() {
    JobConfiguration job = savedModel("path = \"%s\"".formatted(DENSE)).load();

    ImportedLayer layer = (ImportedLayer) job.layers().get(0).layer();
    assertThat(job.layers().get(0).nameAt(0)).isEqualTo("model");
    assertThat(layer.logits()).isTrue();
    assertThat(layer.output()).isEqualTo("kinds");
    assertThat(layer.model().gradients()).isEmpty();
    assertThat(job.model().notes())
        .containsExactly(
            "training computes what inference computes: batch normalization keeps its statistics,"
                + " nothing is dropped out");
    assertThat(job.effective())
        .contains("endpoint = \"serving_default\"  # default")
        .contains("training = \"as-exported\"  # default");
  }

  @Test
  void gradientsHaveTheNamesOfTheDocumentation() {
    JobConfiguration job = savedModel("path = \"%s\", gradients {}".formatted(DENSE)).load();

    ImportedLayer layer = (ImportedLayer) job.layers().get(0).layer();
    assertThat(layer.model().gradients().orElseThrow().gradients()).hasSize(4);
    assertThat(job.effective())
        .contains("endpoint = \"loss_and_grads\"  # default")
        .contains("loss = \"loss\"  # default")
        .contains("prefix = \"grad_\"  # default");
  }

  @Test
  void whatTheLibraryRefusesIsAProblemAtItsPath() {
    assertThat(savedModel("path = \"%s\", endpoint = predict".formatted(DENSE)).problems())
        .singleElement()
        .asString()
        .startsWith("model.saved-model.path = ")
        .contains("the endpoint must be a signature of the SavedModel, but was: predict; name");
    assertThat(savedModel("path = \"%s\", output = kind".formatted(DENSE)).problems())
        .singleElement()
        .asString()
        .startsWith("model.saved-model.output = \"kind\"");
    assertThat(savedModel("path = \"%s\", training = batch-statistics".formatted(DENSE)).problems())
        .singleElement()
        .asString()
        .contains("batch normalization must be written as Keras does");
    assertThat(savedModel("path = \"%s\", training { endpoint = t }".formatted(DENSE)).problems())
        .singleElement()
        .asString()
        .contains("but was: t;");
  }

  @Test
  void oneWayToTrainIsEnough() {
    assertThat(
            savedModel("path = \"%s\", gradients {}, training = as-exported".formatted(DENSE))
                .problems())
        .singleElement()
        .asString()
        .contains("contradicts model.saved-model.gradients");
    assertThat(JobFile.minimalAnd(directory, "model.keras.path = m", TABLE).problems().get(0))
        .startsWith("model.layers = ")
        .contains("contradicts model.keras = ");
  }

  @Test
  void aPathWhereNothingIsIsNamed() {
    assertThat(
            JobFile.minimalAnd(
                    directory, "model { layers = null, keras.path = \"gone.keras\" }", TABLE)
                .problems())
        .singleElement()
        .asString()
        .startsWith("model.keras.path = \"gone.keras\" (job.conf: 9): must name a model that")
        .contains("exists, but there is nothing at file:")
        .endsWith("gone.keras; correct the path");
    assertThat(JobFile.minimalAnd(directory, "model.warm-start.bundle = gone").problems())
        .singleElement()
        .asString()
        .contains("there is nothing at file:")
        .endsWith("gone/model; correct the path");
  }

  @Test
  void inputsMustBeThoseOfTheModel() {
    assertThat(JobFile.minimalAnd(directory, KERAS, "data.label.classes = 2").problems())
        .containsExactly(
            "model.keras = {…} (job.conf: 9): takes the inputs [table], but data.inputs are [x];"
                + " call the data's inputs as the model does");
    assertThat(
            JobFile.minimalAnd(directory, KERAS, TABLE, "data.inputs.table.columns = [a, b, c]")
                .problems())
        .containsExactly(
            "model.keras = {…} (job.conf: 9): takes 'table' of shape [2], but data.inputs.table has"
                + " [3]; set its shape or columns so that it has that");
  }

  @Test
  void aSignatureOfGradientsWantsItsInputsByName() {
    assertThat(
            JobFile.minimalAnd(
                    directory,
                    "model { layers = null, saved-model { path = \"%s\", gradients {} } }"
                        .formatted(DENSE),
                    "data.label.classes = 2")
                .problems())
        .singleElement()
        .asString()
        .contains("takes the inputs [table], but data.inputs are [x]");
  }

  @Test
  void aLossThatDoesNotFitTheOutputIsAProblemOfTheModel() {
    assertThat(JobFile.minimalAnd(directory, KERAS, TABLE, "data.label.classes = 3").problems())
        .containsExactly(
            "model.keras = {…} (job.conf: 9): layer 'head' gives [2], but training.loss wants [3]:"
                + " it is softmax, and data.label.classes = 3; choose another loss or label, or"
                + " export a model that gives that");
  }

  @Test
  void aWarmStartTakesAllNamesAndNothingLess() {
    assertThat(List.of(Defaults.STARTING_NAMES, Defaults.PARTIAL_START, Defaults.SERVING_ENDPOINT))
        .isEqualTo(List.of(List.of("*"), false, "serving_default"));
  }

  private JobFile savedModel(String settings) {
    return JobFile.minimalAnd(
        directory, "model { layers = null, saved-model { %s } }".formatted(settings), TABLE);
  }
}
