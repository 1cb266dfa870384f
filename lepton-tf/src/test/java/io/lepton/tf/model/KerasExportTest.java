package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.GradientOptions;
import io.lepton.tf.savedmodel.ImportOptions;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.SavedModelImport;
import io.lepton.tf.savedmodel.TrainingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Models that Keras exported, trained here, against what TensorFlow for Python computed. */
class KerasExportTest {
  private static final Offset<Float> CLOSE = within(1e-5f);

  private static final Optimizer DESCENT = new Optimizer.Sgd(1, 0);
  private static final Optimizer ADAM = new Optimizer.Adam(1, 0.9, 0.999, 1e-7);

  @TempDir private Path temporary;

  private static ImportedModel exported(KerasModel keras) throws IOException {
    return SavedModelImport.read(
        keras.directory().resolve("keras_export"), ImportOptions.defaults());
  }

  private static ImportedModel saved(KerasModel keras) throws IOException {
    return SavedModelImport.read(
        keras.directory().resolve("saved_model"), ImportOptions.defaults().withEndpoint("predict"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void startsFromTheWeightsThatWereExported(KerasModel keras) throws IOException {
    for (ImportedModel model : List.of(exported(keras), saved(keras))) {
      CompiledModel compiled =
          ModelCompiler.compile(keras.spec(model, model.outputs().get(0).name(), DESCENT), 1);
      float[] vector = LocalProgram.vector(compiled);
      Map<String, float[]> weights = weights(compiled, vector);
      assertThat(weights).hasSize(order(keras, compiled).size());
      order(keras, compiled)
          .forEach(
              (name, key) ->
                  assertThat(weights.get(name))
                      .as(name)
                      .containsExactly(keras.reference().floats("var_" + key)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void lossAndGradientsAreThoseOfPython(KerasModel keras) throws IOException {
    for (ImportedModel model : List.of(exported(keras), saved(keras))) {
      CompiledModel compiled =
          ModelCompiler.compile(keras.spec(model, model.outputs().get(0).name(), DESCENT), 1);
      try (LocalProgram program = new LocalProgram(compiled.program())) {
        float[] vector = LocalProgram.vector(compiled);
        program.load(keras.chunk("in")).assign(vector);
        float[] summary = program.evaluate(keras.rows());
        assertThat(summary[0] / summary[1]).isCloseTo(keras.reference().floats("loss")[0], CLOSE);
        float[] gradient = program.gradient(vector, keras.rows());
        Map<String, float[]> gradients = weights(compiled, gradient);
        order(keras, compiled)
            .forEach(
                (name, key) ->
                    assertThat(gradients.get(name))
                        .as(name)
                        .containsExactly(keras.reference().floats("grad_" + key), CLOSE));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void twentyStepsOfGradientDescentAreThoseOfPython(KerasModel keras) throws IOException {
    ImportedModel model = exported(keras);
    CompiledModel compiled = ModelCompiler.compile(keras.spec(model, "", DESCENT), 1);
    float[] after = train(keras, compiled, "sgd");
    Map<String, float[]> weights = weights(compiled, after);
    order(keras, compiled)
        .forEach(
            (name, key) ->
                assertThat(weights.get(name))
                    .as(name)
                    .containsExactly(keras.reference().floats("final_var_" + key), CLOSE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void twentyStepsOfAdamAreThoseOfPython(KerasModel keras) throws IOException {
    ImportedModel model = exported(keras);
    ModelSpec spec = keras.spec(model, "", ADAM);
    CompiledModel compiled = ModelCompiler.compile(spec, 1);
    float[] after = train(keras, compiled, "adam");
    assertThat(served(keras, spec, compiled, after).get("logits"))
        .containsExactly(keras.reference().floats("final_output_adam"), CLOSE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void whatIsSavedGivesTheOutputsOfPython(KerasModel keras) throws IOException {
    ImportedModel model = exported(keras);
    ModelSpec spec = keras.spec(model, "", DESCENT);
    CompiledModel compiled = ModelCompiler.compile(spec, 1);
    Map<String, float[]> outputs = served(keras, spec, compiled, LocalProgram.vector(compiled));
    assertThat(outputs.get("logits")).containsExactly(keras.reference().floats("output"), CLOSE);
    assertThat(outputs.get("probabilities"))
        .containsExactly(keras.reference().floats("probabilities"), CLOSE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void gradientsOfASignatureTrainAsPythonDoes(KerasModel keras) throws IOException {
    CompiledModel compiled = ModelCompiler.compile(gradients(keras, DESCENT), 1);
    Map<String, float[]> weights = weights(compiled, train(keras, compiled, "sgd"));
    order(keras, compiled)
        .forEach(
            (name, key) ->
                assertThat(weights.get(name))
                    .as(name)
                    .containsExactly(keras.reference().floats("final_var_" + key), CLOSE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.lepton.tf.model.KerasModel#all")
  void gradientsOfASignatureServeAnyOptimizer(KerasModel keras) throws IOException {
    ModelSpec spec = gradients(keras, ADAM);
    CompiledModel compiled = ModelCompiler.compile(spec, 1);
    float[] after = train(keras, compiled, "adam");
    assertThat(served(keras, spec, compiled, after).get("logits"))
        .containsExactly(keras.reference().floats("final_output_adam"), CLOSE);
  }

  private static ModelSpec gradients(KerasModel keras, Optimizer optimizer) throws IOException {
    ImportOptions options =
        ImportOptions.defaults()
            .withTraining(new TrainingMode.Gradients(GradientOptions.defaults()));
    return keras.spec(
        SavedModelImport.read(keras.directory().resolve("saved_model"), options),
        "output",
        optimizer);
  }

  private static float[] train(KerasModel keras, CompiledModel compiled, String optimizer) {
    float rate = keras.reference().floats("lr_" + optimizer)[0];
    float[] losses = keras.reference().floats("traj_loss_" + optimizer);
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      program.load(keras.chunk("traj")).assign(LocalProgram.vector(compiled));
      for (int step = 0; step < losses.length; step++) {
        float[] summary = program.train(rate, step, 0, keras.batch(step));
        assertThat(summary[0] / summary[1])
            .as("step %d", step)
            .isCloseTo(losses[step], within(1e-5f * Math.max(1, losses[step])));
      }
      return program.read();
    }
  }

  private Map<String, float[]> served(
      KerasModel keras, ModelSpec spec, CompiledModel compiled, float[] vector) throws IOException {
    SavedModelWriter.write(spec, compiled.program(), LocalProgram.flat(vector), temporary);
    Map<String, Tensor> inputs = new HashMap<>();
    List<Tensor> columns = keras.chunk("in");
    for (ColumnSpec input : keras.inputs()) {
      inputs.put(input.name(), columns.get(inputs.size()));
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(temporary.toString(), "serve");
        Result result = bundle.function("serving_default").call(inputs)) {
      Map<String, float[]> outputs = new HashMap<>();
      result.forEach(
          entry -> outputs.put(entry.getKey(), LocalProgram.values((TFloat32) entry.getValue())));
      return outputs;
    } finally {
      columns.forEach(Tensor::close);
    }
  }

  /** The reference's number of each weight, found by the initial values. */
  private static Map<String, String> order(KerasModel keras, CompiledModel compiled) {
    Map<String, String> order = new HashMap<>();
    weights(compiled, LocalProgram.vector(compiled))
        .forEach(
            (name, values) -> {
              for (int i = 0; keras.reference().get("var_%03d".formatted(i)) != null; i++) {
                String key = "%03d".formatted(i);
                if (Arrays.equals(values, keras.reference().floats("var_" + key))
                    && !order.containsValue(key)) {
                  order.put(name, key);
                  return;
                }
              }
            });
    assertThat(order).hasSize(keras.variables());
    return order;
  }

  private static Map<String, float[]> weights(CompiledModel compiled, float[] vector) {
    Map<String, float[]> weights = new HashMap<>();
    for (Variable variable : compiled.program().variables()) {
      if (variable.trainable()) {
        int offset = (int) variable.offset();
        weights.put(
            variable.name(), Arrays.copyOfRange(vector, offset, offset + (int) variable.size()));
      }
    }
    return weights;
  }
}
