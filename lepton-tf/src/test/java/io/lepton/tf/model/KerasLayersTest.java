package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.keras.KerasFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that Keras saved with random weights, and what they gave there. */
class KerasLayersTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"images", "functional", "activations", "nested"})
  void outputsAreThoseOfKeras(String name) throws IOException {
    KerasFile file = KerasFile.read(resource(name + ".keras"));
    Npz npz = Npz.read(resource(name + ".npz"));
    List<Target> targets = new ArrayList<>();
    for (String output : file.outputs()) {
      List<Integer> shape = npz.get("output_" + targets.size()).shape();
      ColumnSpec label =
          new ColumnSpec("y" + targets.size(), ElementType.FLOAT32, shape.subList(1, shape.size()));
      targets.add(new Target(label, new Loss.SquaredError(), output, 1, List.of()));
    }
    ModelSpec spec =
        new ModelSpec(
            file.inputs().stream().map(ModelInput::raw).toList(),
            targets,
            false,
            file.layers(),
            Models.SGD);
    CompiledModel compiled = ModelCompiler.compile(spec, 1, 1, file.weights());
    Map<String, float[]> outputs =
        ServedModel.outputs(spec, compiled, LocalProgram.vector(compiled), npz, "", temporary);
    for (int i = 0; i < targets.size(); i++) {
      String key = targets.size() == 1 ? "predictions" : "y" + i + "_predictions";
      assertThat(outputs.get(key))
          .as(file.outputs().get(i))
          .containsExactly(npz.floats("output_" + i), within(1e-5f));
    }
  }

  @Test
  void layersOfModelsInsideAreCalledAfterBoth() throws IOException {
    KerasFile file = KerasFile.read(resource("nested.keras"));
    assertThat(file.layers().stream().map(Node::name))
        .containsExactly("encoder.first", "encoder.second", "middle", "decoder.core.dense", "last");
    assertThat(file.weights())
        .containsKeys("encoder.first/kernel", "decoder.core.dense/bias", "last/kernel");
  }

  @Test
  void layersThatDoNotTrainAreFrozen() throws IOException {
    assertThat(KerasFile.read(resource("nested.keras")).frozen())
        .containsExactly("encoder.first/*");
  }

  @Test
  void logitsAreWhatGoesIntoASoftmaxOrSigmoidAtTheEnd() throws IOException {
    KerasFile images = KerasFile.read(resource("images.keras"));
    assertThat(last(images.layers())).isEqualTo(new Layer.Dense(4, Activation.SOFTMAX, true));
    assertThat(last(images.logits().layers()))
        .isEqualTo(new Layer.Dense(4, Activation.LINEAR, true));
    assertThat(KerasFile.read(resource("activations.keras")).logits())
        .isEqualTo(KerasFile.read(resource("activations.keras")));
  }

  private static Layer last(List<Node> layers) {
    return layers.get(layers.size() - 1).layer();
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(KerasLayersTest.class.getResource("keras/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
