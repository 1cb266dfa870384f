package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static io.lepton.tf.model.Models.binary;
import static io.lepton.tf.model.Models.classifier;
import static io.lepton.tf.model.Models.dense;
import static io.lepton.tf.model.Models.features;
import static io.lepton.tf.model.Models.regression;
import static io.lepton.tf.model.Models.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt32;

class GradientTest {
  private static final int EXAMPLES = 6;
  private static final float STEP = 0.001f;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void gradientsAreTheCentralDifferencesOfTheLoss(String name, ModelSpec spec) {
    check(spec);
  }

  static Stream<Arguments> gradientsAreTheCentralDifferencesOfTheLoss() {
    Layer flatten = new Layer.Flatten();
    Activation tanh = Activation.TANH;
    return Stream.of(
        arguments("dense, softmax", classifier(features(4), 3, dense(5, tanh), dense(3))),
        arguments("dense, sigmoid", binary(features(4), dense(5, tanh), dense(1))),
        arguments("dense, squared error", regression(features(4), dense(5, tanh), dense(1))),
        arguments("weighted softmax", weighted(classifier(features(4), 3, dense(3)))),
        arguments("weighted sigmoid", weighted(binary(features(4), dense(1)))),
        arguments("weighted squared error", weighted(regression(features(4), dense(1)))),
        arguments(
            "dense without bias",
            regression(features(4), new Layer.Dense(1, Activation.LINEAR, false))),
        arguments(
            "conv2d",
            classifier(
                features(5, 4, 2), 2, convolution(3, 2, 1, Padding.VALID), flatten, dense(2))),
        arguments(
            "strided conv2d that keeps sizes",
            classifier(
                features(5, 4, 2), 2, convolution(2, 3, 2, Padding.SAME), flatten, dense(2))),
        arguments(
            "conv2d with softmax over channels",
            classifier(
                features(3, 3, 1),
                2,
                new Layer.Conv2d(3, 2, 1, Padding.VALID, Activation.SOFTMAX, false),
                flatten,
                dense(2))),
        arguments(
            "max-pooling2d",
            regression(
                features(5, 5, 1),
                convolution(2, 2, 1, Padding.VALID),
                new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
                flatten,
                dense(1))),
        arguments(
            "overlapping max-pooling2d that keeps sizes",
            regression(
                features(4, 4, 1),
                convolution(2, 2, 1, Padding.VALID),
                new PoolingLayer.MaxPooling2d(2, 1, Padding.SAME),
                flatten,
                dense(1))),
        arguments(
            "dropout", regression(features(4), dense(6, tanh), new Layer.Dropout(0.4), dense(1))),
        arguments(
            "rescaling", binary(features(4), dense(3), new Layer.Rescaling(-1.5, 0.25), dense(1))));
  }

  @ParameterizedTest
  @EnumSource
  void gradientsGoThroughEveryActivation(Activation activation) {
    check(classifier(features(4), 3, dense(5), new Layer.ActivationLayer(activation), dense(3)));
  }

  @Test
  void aLogitOfZeroHasTheGradientOfSigmoidThere() {
    ModelSpec spec = binary(features(1), dense(1));
    TrainingProgram program = ModelCompiler.compile(spec, 0).program();
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(floats(new float[] {3, 3}, 2, 1), TInt32.vectorOf(0, 1)));
      float[] zeros = new float[(int) program.vectorSize()];
      assertThat(local.gradient(zeros, 0)[0]).isEqualTo(0.5f * 3);
      assertThat(local.gradient(zeros, 1)[0]).isEqualTo(-0.5f * 3);
    }
  }

  private static Layer convolution(int filters, int kernel, int strides, Padding padding) {
    return new Layer.Conv2d(filters, kernel, strides, padding, Activation.TANH, true);
  }

  private static void check(ModelSpec spec) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] at = Models.randomWeights(program, 11);
    int[] rows = {5, 0, 3, 1, 4};
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(spec));
      float[] gradient = local.gradient(at, rows);
      for (Variable variable : program.variables()) {
        for (int i = 0; i < variable.size(); i++) {
          int element = (int) variable.offset() + i;
          float difference =
              (loss(local, at, element, STEP, rows) - loss(local, at, element, -STEP, rows))
                  / (2 * STEP);
          assertThat(gradient[element])
              .as("%s, element %d", variable.name(), i)
              .isCloseTo(difference, within(2e-3f * Math.max(1, Math.abs(difference))));
        }
      }
    }
  }

  private static float loss(
      LocalProgram local, float[] at, int element, float change, int... rows) {
    float[] moved = at.clone();
    moved[element] += change;
    float[] summary = local.assign(moved).train(0, 0, 0, rows);
    return summary[0] / summary[1];
  }

  private static List<Tensor> examples(ModelSpec spec) {
    int width = spec.inputs().get(0).column().width();
    List<Tensor> columns = new ArrayList<>();
    columns.add(
        floats(
            Models.normals(EXAMPLES * width, 5),
            spec.inputs().get(0).column().tensorShape(EXAMPLES)));
    columns.add(
        Models.loss(spec) instanceof Loss.SquaredError
            ? floats(Models.normals(EXAMPLES, 6), EXAMPLES)
            : TInt32.vectorOf(0, 1, 1, 0, 0, 1));
    if (spec.weighted()) {
      columns.add(floats(new float[] {1, 0, 2.5f, 1, 0.5f, 3}, EXAMPLES));
    }
    return columns;
  }
}
