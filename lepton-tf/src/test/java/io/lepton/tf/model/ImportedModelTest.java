package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.savedmodel.GradientOptions;
import io.lepton.tf.savedmodel.ImportException;
import io.lepton.tf.savedmodel.ImportOptions;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.SavedModelImport;
import io.lepton.tf.savedmodel.TrainingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small exports of many kinds of layers, and what cannot be imported. */
class ImportedModelTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"attention", "batch_norm", "branches", "recurrent", "shared"})
  void lossAndGradientsAreThoseOfPython(String name) throws IOException {
    GoldenExport export = GoldenExport.unpack(name, temporary);
    assertLossAndGradients(export, export.read());
  }

  @Test
  void batchNormalizationTrainsItsStatistics() throws IOException {
    GoldenExport export = GoldenExport.unpack("batch_norm", temporary);
    assertTraining(
        export,
        ImportOptions.defaults().withTraining(new TrainingMode.BatchStatistics(0.9)),
        "batch normalization uses the statistics of the batch while training and moves its own with momentum 0.9: 4 variables");
  }

  @Test
  void anEndpointForTrainingIsTrained() throws IOException {
    GoldenExport export = GoldenExport.unpack("batch_norm", temporary);
    assertTraining(
        export,
        ImportOptions.defaults().withTraining(new TrainingMode.Endpoint("train")),
        "training computes what endpoint train computes");
  }

  @Test
  void dropoutOfAnEndpointFollowsTheSeedOfTheStep() throws IOException {
    GoldenExport export = GoldenExport.unpack("dropout", temporary);
    ImportedModel model =
        export.read(ImportOptions.defaults().withTraining(new TrainingMode.Endpoint("train")));
    CompiledModel compiled = ModelCompiler.compile(export.spec(model), 1);
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(export.chunk()).assign(LocalProgram.vector(compiled));
      float evaluated = program.evaluate(export.rows())[0];
      float trained = program.train(0, 0, 1, export.rows())[0];
      assertThat(program.train(0, 0, 1, export.rows())[0]).isEqualTo(trained);
      assertThat(program.train(0, 0, 2, export.rows())[0]).isNotEqualTo(trained);
      assertThat(trained).isNotEqualTo(evaluated);
      assertThat(evaluated / 6).isCloseTo(export.reference().floats("loss")[0], within(1e-5f));
    }
  }

  @Test
  void aModelWithoutBatchNormalizationHasNoStatisticsToTrain() throws IOException {
    GoldenExport export = GoldenExport.unpack("shared", temporary);
    assertThatThrownBy(
            () ->
                export.read(
                    ImportOptions.defaults().withTraining(new TrainingMode.BatchStatistics(0.99))))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("but that of no layer is not");
  }

  @Test
  void aLengthThatIsLeftOpenCanBeGiven() throws IOException {
    GoldenExport export = GoldenExport.unpack("any_length", temporary);
    assertLossAndGradients(
        export, export.read(ImportOptions.defaults().withShape("x", List.of(5))));
  }

  @Test
  void aLengthThatIsLeftOpenMustBeGiven() throws IOException {
    GoldenExport export = GoldenExport.unpack("any_length", temporary);
    assertThatThrownBy(export::read)
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "an example's shape must be known, but that of input 'x' is [-1] with -1 for any length; give its shape with a length");
  }

  @Test
  void shapesThatAreGivenMustFit() throws IOException {
    GoldenExport export = GoldenExport.unpack("attention", temporary);
    assertThatThrownBy(() -> export.read(ImportOptions.defaults().withShape("x", List.of(7))))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "the shape given for input 'x' must fit [6], where -1 is any length, but was: [7]; give one that does");
    assertThatThrownBy(() -> export.read(ImportOptions.defaults().withShape("z", List.of(6))))
        .hasMessage(
            "shapes must be given for inputs of endpoint serving_default, but one was for: z; its inputs are [x]");
  }

  @Test
  void anOperationWithoutGradientIsNamedWithItsLayer() throws IOException {
    GoldenExport export = GoldenExport.unpack("volumes", temporary);
    assertThatThrownBy(export::read)
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("but these have none outside Python: Conv3D of 'volumes_1/volume_1'");
  }

  @Test
  void anUnknownEndpointIsAnsweredWithThoseThereAre() throws IOException {
    GoldenExport export = GoldenExport.unpack("branches", temporary);
    assertThatThrownBy(() -> export.read(ImportOptions.defaults().withEndpoint("predict")))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "the endpoint must be a signature of the SavedModel, but was: predict; name one of: serving_default[x] → [logits]");
  }

  @Test
  void aDirectoryWithoutSavedModelIsRefused() {
    assertThatThrownBy(() -> SavedModelImport.read(temporary, ImportOptions.defaults()))
        .isInstanceOf(ImportException.class)
        .hasMessageStartingWith("a SavedModel must be a directory with saved_model.pb, but ");
  }

  @Test
  void aFileThatIsNoSavedModelIsRefused() throws IOException {
    Files.writeString(temporary.resolve("saved_model.pb"), "not a protocol buffer");
    assertThatThrownBy(() -> SavedModelImport.read(temporary, ImportOptions.defaults()))
        .isInstanceOf(ImportException.class)
        .hasMessageStartingWith("saved_model.pb must be a SavedModel, but ");
  }

  @Test
  void anEndpointWithoutLossGivesNoGradients() throws IOException {
    GoldenExport export = GoldenExport.unpack("branches", temporary);
    assertThatThrownBy(
            () ->
                export.read(
                    ImportOptions.defaults()
                        .withTraining(
                            new TrainingMode.Gradients(
                                new GradientOptions("serving_default", "loss", "grad_")))))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "endpoint serving_default must give the loss as a float32 scalar 'loss', but gives: [logits]; return it under that name");
  }

  @Test
  void variablesThatAreNotTrainableStayAndAreTold() throws IOException {
    ImportedModel model = GoldenExport.unpack("branches", temporary).read();
    assertThat(model.variables()).extracting("name").containsExactlyInAnyOrder("kernel", "bias");
    assertThat(model.notes()).contains("not trainable and kept as exported: scale");
  }

  @Test
  void inputsMustHaveTheShapeOfTheModel() throws IOException {
    ImportedModel model = GoldenExport.unpack("shared", temporary).read();
    ModelSpec spec =
        new ModelSpec(
            List.of(ModelInput.raw(new ColumnSpec("x", ElementType.FLOAT32, List.of(5)))),
            List.of(
                Target.of(new ColumnSpec("y", ElementType.INT32, List.of()), GoldenExport.LOSS)),
            false,
            List.of(ImportedLayer.of(model, "", GoldenExport.LOSS).node("model")),
            new Optimizer.Sgd(1, 0));
    assertThatThrownBy(() -> ModelCompiler.check(spec))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "layer 0 'model': imported takes 'inputs' of shape [4], but for 'inputs' was given [5]; bring it to that shape before it");
  }

  @Test
  void anUnknownOutputIsAnsweredWithThoseThereAre() throws IOException {
    ImportedModel model = GoldenExport.unpack("branches", temporary).read();
    assertThatThrownBy(() -> new ImportedLayer(model, "logit", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output must be one of the model's, but was: logit; did you mean 'logits', of: logits?");
  }

  @Test
  void layersMayComeAfterAnImportedModel() throws IOException {
    GoldenExport export = GoldenExport.unpack("shared", temporary);
    ModelSpec alone = export.spec(export.read());
    ModelSpec spec =
        new ModelSpec(
            alone.inputs(),
            alone.targets(),
            false,
            List.of(
                alone.layers().get(0),
                Node.of(new Layer.Dense(4, Activation.TANH, true)),
                Node.of(new Layer.Dense(3, Activation.LINEAR, true))),
            alone.optimizer());
    CompiledModel compiled = ModelCompiler.compile(spec, 1);
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(export.chunk()).assign(LocalProgram.vector(compiled));
      float before = program.evaluate(export.rows())[0];
      for (int step = 0; step < 5; step++) {
        program.train(0.1f, step, 0, export.rows());
      }
      assertThat(program.evaluate(export.rows())[0]).isLessThan(before);
    }
  }

  private static void assertTraining(GoldenExport export, ImportOptions options, String note)
      throws IOException {
    ImportedModel model = export.read(options);
    assertThat(model.notes()).contains(note);
    CompiledModel compiled = ModelCompiler.compile(export.spec(model), 1);
    float[] vector = LocalProgram.vector(compiled);
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(export.chunk()).assign(vector);
      float[] evaluated = program.evaluate(export.rows());
      assertThat(evaluated[0] / evaluated[1])
          .isCloseTo(export.reference().floats("loss")[0], within(1e-5f));
      float[] trained = program.train(1, 0, 0, export.rows());
      assertThat(trained[0] / trained[1])
          .isCloseTo(export.reference().floats("train_loss")[0], within(1e-5f));
      export.assertVariables(compiled, program.read(), "after_");
      export.assertVariables(compiled, program.gradient(vector, export.rows()), "train_grad_");
    }
  }

  private static void assertLossAndGradients(GoldenExport export, ImportedModel model) {
    CompiledModel compiled = ModelCompiler.compile(export.spec(model), 1);
    float[] vector = LocalProgram.vector(compiled);
    export.assertVariables(compiled, vector, "var_");
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(export.chunk()).assign(vector);
      float[] summary = program.evaluate(export.rows());
      assertThat(summary[0] / summary[1])
          .isCloseTo(export.reference().floats("loss")[0], within(1e-5f));
      export.assertVariables(compiled, program.gradient(vector, export.rows()), "grad_");
    }
  }
}
