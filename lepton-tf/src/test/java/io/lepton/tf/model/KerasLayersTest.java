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
import java.util.stream.Collectors;
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

  @Test
  void logitsKeepWhatIsSaidOfWeights() {
    WeightOptions options =
        WeightOptions.NONE
            .penalized("kernel", new WeightOptions.Penalty(0, 0.1))
            .limited("kernel", 2);
    Node end = new Node("end", Models.dense(3, Activation.SOFTMAX), List.of("features"), options);
    KerasFile file =
        new KerasFile(
            List.of(Models.features(2)), List.of(end), List.of("end"), Map.of(), List.of());
    assertThat(file.logits().layers())
        .containsExactly(new Node("end", Models.dense(3), List.of("features"), options));
  }

  @Test
  void anyConvolutionAtTheEndGivesLogits() {
    Window window = Window.square(3, 1, Padding.SAME);
    assertLogits(
        new Layer.Conv1d(1, 3, 1, Padding.SAME, 2, Activation.SIGMOID, true),
        new Layer.Conv1d(1, 3, 1, Padding.SAME, 2, Activation.LINEAR, true));
    assertLogits(
        new Layer.Conv2d(1, window, Activation.SIGMOID, true),
        new Layer.Conv2d(1, window, Activation.LINEAR, true));
    assertLogits(
        new ConvolutionLayer.Conv2dTranspose(1, window, Activation.SIGMOID, true),
        new ConvolutionLayer.Conv2dTranspose(1, window, Activation.LINEAR, true));
    assertLogits(
        new ConvolutionLayer.DepthwiseConv2d(2, window, Activation.SIGMOID, false),
        new ConvolutionLayer.DepthwiseConv2d(2, window, Activation.LINEAR, false));
    assertLogits(
        new ConvolutionLayer.SeparableConv2d(1, 2, window, Activation.SOFTMAX, true),
        new ConvolutionLayer.SeparableConv2d(1, 2, window, Activation.LINEAR, true));
  }

  private static void assertLogits(Layer layer, Layer expected) {
    Node end = new Node("end", layer, List.of("image"));
    KerasFile file = new KerasFile(List.of(), List.of(end), List.of("end"), Map.of(), List.of());
    assertThat(last(file.logits().layers())).isEqualTo(expected);
  }

  @Test
  void optionsOfWeightsAreThoseOfRegularizersAndConstraints() throws IOException {
    Map<String, WeightOptions> options =
        KerasFile.read(resource("training/rules.keras")).layers().stream()
            .collect(Collectors.toMap(Node::name, Node::weights));
    assertThat(options)
        .containsEntry(
            "lstm",
            WeightOptions.NONE
                .penalized("recurrent-kernel", new WeightOptions.Penalty(0.03f, 0))
                .limited("kernel", 0.8))
        .containsEntry("dense", WeightOptions.NONE);
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
