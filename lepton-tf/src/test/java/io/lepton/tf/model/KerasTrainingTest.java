package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.Variable;
import io.lepton.tf.keras.KerasFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt32;

/** Models of {@code .keras} files take the steps of descent that Keras took. */
class KerasTrainingTest {
  private static final Offset<Float> CLOSE = within(1e-5f);

  @TempDir private static Path written;
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"attention", "images", "masked_chain", "normalized", "rules"})
  void filesOfThePastTrainAsInKeras(String name) throws IOException {
    assertTrainsAsInKeras(resource("keras/training/" + name + ".npz").getParent(), name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention",
        "causal",
        "images",
        "looking",
        "masked_chain",
        "merges",
        "nested",
        "normalized",
        "recurrent",
        "rules",
        "sequences"
      })
  void filesThatKerasWritesTrainAsInKeras(String name) throws IOException {
    if (!Files.exists(written.resolve(name + ".npz"))) {
      Path python = PythonTensorFlow.find();
      String script = Files.readString(resource("/keras/training.py"));
      PythonTensorFlow.run(python, script, written);
    }
    assertTrainsAsInKeras(written, name);
  }

  private void assertTrainsAsInKeras(Path directory, String name) throws IOException {
    KerasFile file = KerasFile.read(directory.resolve(name + ".keras"));
    Npz npz = Npz.read(directory.resolve(name + ".npz"));
    ModelSpec spec =
        new ModelSpec(
            file.inputs().stream().map(ModelInput::raw).toList(),
            List.of(Target.of(Models.CLASS, new Loss.Softmax(3))),
            false,
            file.layers(),
            new Optimizer.Sgd(1, 0),
            new UpdateOptions(new Clipping.None(), 1, false, file.frozen(), Map.of()));
    CompiledModel compiled = ModelCompiler.compile(spec, 1, 1, file.weights());
    float[] start = LocalProgram.vector(compiled);
    assertThat(ServedModel.outputs(spec, compiled, start, npz, "in_", temporary).get("logits"))
        .containsExactly(npz.floats("output"), CLOSE);
    Map<String, float[]> trained = train(compiled, file, npz);
    KerasFile.read(directory.resolve(name + ".after.keras"))
        .weights()
        .forEach(
            (weight, value) ->
                assertThat(trained.get(weight))
                    .as(weight)
                    .containsExactly(floats(value.values()), CLOSE));
  }

  private static Map<String, float[]> train(CompiledModel compiled, KerasFile file, Npz npz) {
    int[] rows = Models.rows(npz.get("in_y").shape().get(0));
    float[] losses = npz.floats("losses");
    try (LocalProgram program = new LocalProgram(compiled.program())) {
      List<Tensor> columns = new ArrayList<>(ServedModel.tensors(file.inputs(), npz, "in_"));
      columns.add(TInt32.vectorOf(npz.get("in_y").ints()));
      program.load(columns).assign(LocalProgram.vector(compiled));
      for (int step = 0; step < losses.length; step++) {
        float[] summary = program.train(npz.floats("rate")[0], step, 0, rows);
        assertThat(summary[0] / summary[1]).as("step %d", step).isCloseTo(losses[step], CLOSE);
      }
      float[] vector = program.read();
      Map<String, float[]> weights = new HashMap<>();
      for (Variable variable : compiled.program().variables()) {
        int from = (int) variable.offset();
        weights.put(
            variable.name(), Arrays.copyOfRange(vector, from, from + (int) variable.size()));
      }
      return weights;
    }
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(KerasTrainingTest.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
