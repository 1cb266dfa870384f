package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.Variable;
import io.lepton.tf.keras.KerasFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Tensor;

/** Models of {@code .keras} files, trained here, against what TensorFlow for Python computed. */
class KerasReferenceTest {
  private static final Path MODELS = Path.of("..", "..", "shared", "models");
  private static final Offset<Float> CLOSE = within(1e-5f);

  private static final ColumnSpec LABEL = new ColumnSpec("y", ElementType.INT32, List.of());
  private static final Optimizer DESCENT = new Optimizer.Sgd(1, 0);
  private static final Optimizer ADAM = new Optimizer.Adam(1, 0.9, 0.999, 1e-7);

  @TempDir private Path temporary;

  /** A model with the weights of its file, and the reference's arrays. */
  private record Reference(ModelSpec spec, CompiledModel compiled, Npz npz) {
    static Reference read(String name, Optimizer optimizer) throws IOException {
      Assumptions.assumeTrue(
          Files.isDirectory(MODELS),
          "models of Keras must lie in shared/models beside the project");
      KerasFile file = KerasFile.read(MODELS.resolve(name).resolve("model.keras"));
      Loss loss = name.equals("cnn") ? new Loss.Softmax(10) : new Loss.Sigmoid();
      ModelSpec spec =
          new ModelSpec(
              file.inputs().stream().map(ModelInput::raw).toList(),
              List.of(new Target(LABEL, loss, file.outputs().get(0), 1, List.of())),
              false,
              file.layers(),
              optimizer);
      return new Reference(
          spec,
          ModelCompiler.compile(spec, 1, 1, file.weights()),
          Npz.read(MODELS.resolve(name).resolve("reference.npz")));
    }

    LocalProgram load(String prefix) {
      List<ColumnSpec> columns =
          Stream.concat(spec.inputs().stream().map(ModelInput::column), Stream.of(LABEL)).toList();
      List<Tensor> tensors = ServedModel.tensors(columns, npz, prefix);
      return new LocalProgram(compiled.program()).load(tensors).assign(start());
    }

    float[] start() {
      return LocalProgram.vector(compiled);
    }

    int[] batch(int step) {
      int size = npz.get("in_y").shape().get(0);
      return IntStream.range(step * size, (step + 1) * size).toArray();
    }

    /** Each weight in a vector is the array of its number behind a prefix. */
    void assertWeights(float[] vector, String prefix, Offset<Float> offset) {
      List<Variable> weights =
          compiled.program().variables().stream().filter(Variable::trainable).toList();
      for (int i = 0; i < weights.size(); i++) {
        int from = (int) weights.get(i).offset();
        assertThat(Arrays.copyOfRange(vector, from, from + (int) weights.get(i).size()))
            .as(weights.get(i).name())
            .containsExactly(npz.floats("%s_%03d".formatted(prefix, i)), offset);
      }
      assertThat(npz.get("%s_%03d".formatted(prefix, weights.size()))).isNull();
    }

    float[] train(String optimizer) {
      float rate = npz.floats("lr_" + optimizer)[0];
      float[] losses = npz.floats("traj_loss_" + optimizer);
      try (LocalProgram program = load("traj_")) {
        for (int step = 0; step < losses.length; step++) {
          float[] summary = program.train(rate, step, 0, batch(step));
          assertThat(summary[0] / summary[1])
              .as("step %d", step)
              .isCloseTo(losses[step], within(1e-5f * Math.max(1, losses[step])));
        }
        return program.read();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "ncf", "text_lstm"})
  void startsFromTheWeightsInTheFile(String name) throws IOException {
    Reference reference = Reference.read(name, DESCENT);
    reference.assertWeights(reference.start(), "var", within(0f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "ncf", "text_lstm"})
  void outputsLossAndGradientsAreThoseOfPython(String name) throws IOException {
    Reference reference = Reference.read(name, DESCENT);
    assertThat(served(reference, reference.start()))
        .containsExactly(reference.npz().floats("output"), CLOSE);
    try (LocalProgram program = reference.load("in_")) {
      float[] summary = program.evaluate(reference.batch(0));
      assertThat(summary[0] / summary[1]).isCloseTo(reference.npz().floats("loss")[0], CLOSE);
      float[] gradient = program.gradient(reference.start(), reference.batch(0));
      reference.assertWeights(gradient, "grad", CLOSE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "ncf", "text_lstm"})
  void twentyStepsOfGradientDescentAreThoseOfPython(String name) throws IOException {
    Reference reference = Reference.read(name, DESCENT);
    reference.assertWeights(reference.train("sgd"), "final_var", CLOSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "ncf", "text_lstm"})
  void twentyStepsOfAdamAreThoseOfPython(String name) throws IOException {
    Reference reference = Reference.read(name, ADAM);
    assertThat(served(reference, reference.train("adam")))
        .containsExactly(reference.npz().floats("final_output_adam"), CLOSE);
  }

  private float[] served(Reference reference, float[] vector) throws IOException {
    Map<String, float[]> outputs =
        ServedModel.outputs(
            reference.spec(), reference.compiled(), vector, reference.npz(), "in_", temporary);
    return outputs.get("logits");
  }
}
