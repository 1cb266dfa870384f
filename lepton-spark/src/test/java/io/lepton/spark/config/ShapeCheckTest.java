package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.lepton.arrow.ElementType;
import io.lepton.spark.Objective;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeCheckTest {
  private static final String IMAGE =
      "data.inputs.x { columns = null, column = i, type = image, shape = [8, 8, 1] }";

  @TempDir Path directory;

  @Test
  void aLayerThatCannotTakeItsInputIsNamedWithItsOwnWords() {
    JobFile job =
        JobFile.minimalAnd(
            directory,
            IMAGE,
            "model.layers = [",
            "  { conv2d { filters = 2, kernel-size = 3 } }",
            "  { global-max-pooling1d {} }",
            "]");
    Layer pooling = new PoolingLayer.GlobalMaxPooling1d();

    assertThat(job.problems())
        .containsExactly(
            "model.layers[1] = {…} (job.conf: 12): " + refusal(pooling, List.of(6, 6, 2)));
  }

  @Test
  void aWindowThatDoesNotFitIsNamed() {
    Layer pooling = new PoolingLayer.MaxPooling2d(9, 9, Padding.VALID);

    assertThat(
            problem(IMAGE, "model.layers = [{ max-pooling2d { pool-size = 9 } }, { flatten {} }]"))
        .isEqualTo("model.layers[0] = {…} (job.conf: 10): " + refusal(pooling, List.of(8, 8, 1)));
  }

  @Test
  void theLastLayerGivesWhatTheLossWants() {
    assertThat(problem("data.label.classes = 3"))
        .isEqualTo(
            "model.layers[0] = {…} (job.conf: 6): gives [1], but training.loss wants [3]: it is"
                + " softmax, and data.label.classes = 3; end with { dense { units = 3 } }");
    assertThat(problem("model.layers = [{ dense { units = 2 } }]"))
        .endsWith(
            "gives [2], but training.loss wants [1]: it is squared error;"
                + " end with { dense { units = 1 } }");
    assertThat(
            problem(
                "data.label.classes = 2, training.loss = sigmoid",
                "model.layers = [{ dense { units = 2 } }]"))
        .endsWith(
            "gives [2], but training.loss wants [1]: it is sigmoid;"
                + " end with { dense { units = 1 } }");
  }

  @Test
  void columnsByNameAreAVectorOfTheirNumber() {
    assertThat(problem("model.layers = [{ rescaling { scale = 1 } }]"))
        .contains("gives [2], but training.loss wants [1]");
  }

  @Test
  void aShapeThatOnlyTheDataKnowsIsNotChecked() {
    String layers = "model.layers = [{ rescaling { scale = 1 } }]";

    assertThat(
            JobFile.minimalAnd(directory, layers, "data.inputs.x.columns = \"f*\"").load().layers())
        .hasSize(1);
    assertThat(
            JobFile.minimalAnd(directory, layers, "data.inputs.x { columns = null, column = v }")
                .load()
                .layers())
        .hasSize(1);
  }

  @Test
  void shapesAreFollowedThroughNamesAndEveryProblemIsAtItsLayer() {
    JobFile job =
        JobFile.minimalAnd(
            directory,
            "model.layers = [",
            "  { dense { units = 4, name = wide, inputs = x } }",
            "  { dense { units = 3, name = narrow, inputs = [x] } }",
            "  { add { inputs = [wide, narow] } }",
            "  { reshape { shape = [3, 3], inputs = narrow } }",
            "  { dense { units = 1, inputs = wide } }",
            "]");

    assertThat(job.problems())
        .containsExactly(
            "model.layers[2] = {…} (job.conf: 12): takes 'narow', which is no earlier layer and no"
                + " input; did you mean 'narrow', of: x, wide, narrow?",
            "model.layers[3] = {…} (job.conf: 13): reshape to [3, 3] takes an input of 9 elements,"
                + " but was given [3] with 3; change its shape",
            "model.layers[2] = {…} (job.conf: 12): gives 'add_2', which no layer takes and no loss"
                + " sees; name it in another layer's inputs, or remove it",
            "model.layers[3] = {…} (job.conf: 13): gives 'reshape_3', which no layer takes and no"
                + " loss sees; name it in another layer's inputs, or remove it");
  }

  @Test
  void embeddingsTakeIntegers() {
    String words = "data.inputs.x { columns = null, column = w, shape = [20], type = ";
    String layers =
        """
        model.layers = [
          { embedding { input-size = 100, output-dim = 16 } }
          { not-equal { inputs = x, name = mask } }
          { global-average-pooling1d { inputs = [embedding_0, mask] } }
          { dense { units = 1 } }
        ]""";

    assertThat(JobFile.minimalAnd(directory, words + "int32 }", layers).load().layers()).hasSize(4);
    assertThat(problem(words + "float32 }", layers))
        .endsWith(
            "embedding takes ids, but was given 'x';"
                + " name an input of integers without transforms in its inputs");
  }

  @Test
  void layersOverSeveralInputsNameThem() {
    Problems problems = new Problems();
    List<Node> layers =
        List.of(
            new Node("u", new IdLayer.Embedding(9, 4), List.of("user")),
            new Node("", new MergeLayer.Concatenate(), List.of("u", "age")),
            Node.of(new Layer.Dense(1, Activation.LINEAR, true)));
    List<Source> inputs =
        List.of(
            Source.stored("user", ElementType.INT32, Optional.of(List.of())),
            Source.stored("age", ElementType.FLOAT32, Optional.of(List.of(2))));
    check(layers, problems)
        .run(inputs, List.of(LabelSpec.of("y", 0)), Objective.of(new Loss.SquaredError()));

    problems.throwIfAny();
  }

  @Test
  void aLabelOfPixelsWantsAnOutputForEach() {
    Layer.Conv2d convolution = new Layer.Conv2d(3, 3, 1, Padding.SAME, Activation.LINEAR, true);
    List<Source> image =
        List.of(Source.stored("image", ElementType.UINT8, Optional.of(List.of(8, 6, 1))));
    List<LabelSpec> pixels = List.of(LabelSpec.dense("mask", 3, List.of(8, 6)));
    Problems none = new Problems();
    check(Node.chain(convolution), none).run(image, pixels, Objective.of(new Loss.Softmax(3)));
    none.throwIfAny();

    Problems problems = new Problems();
    check(Node.chain(convolution), problems).run(image, pixels, Objective.of(new Loss.Sigmoid()));

    assertThat(catchThrowableOfType(ConfigurationException.class, problems::throwIfAny))
        .hasMessageContaining(
            "gives [8, 6, 3], but training.loss wants [8, 6, 1] or [8, 6]: it is sigmoid;"
                + " end with a layer that gives that for a label of shape [8, 6]");
  }

  private static ShapeCheck check(List<Node> layers, Problems problems) {
    String written = "layers = [" + "{},".repeat(layers.size()) + "]";
    Settings model = Settings.root(ConfigFactory.parseString(written).root(), problems);
    return new ShapeCheck(
        new ModelChoice("layers", Optional.empty(), ModelSection.of("layers", layers), model),
        layers);
  }

  private static String refusal(Layer layer, List<Integer> shape) {
    return catchThrowableOfType(
            IllegalArgumentException.class, () -> layer.outputShape(List.of(shape)))
        .getMessage();
  }

  private String problem(String... lines) {
    return JobFile.minimalAnd(directory, lines).problems().get(0);
  }
}
