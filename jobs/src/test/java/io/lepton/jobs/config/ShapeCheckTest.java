package io.lepton.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import java.nio.file.Path;
import java.util.List;
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
            "  { dense { units = 1 } }",
            "]");
    Layer dense = new Layer.Dense(1, Activation.LINEAR, true);

    assertThat(job.problems())
        .containsExactly(
            "model.layers[1] = {…} (job.conf: 12): " + refusal(dense, List.of(6, 6, 2)));
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
            "gives [2], but training.loss wants [1]: it is squared-error;"
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

  private static String refusal(Layer layer, List<Integer> shape) {
    return catchThrowableOfType(
            IllegalArgumentException.class, () -> layer.outputShape(List.of(shape)))
        .getMessage();
  }

  private String problem(String... lines) {
    return JobFile.minimalAnd(directory, lines).problems().get(0);
  }
}
