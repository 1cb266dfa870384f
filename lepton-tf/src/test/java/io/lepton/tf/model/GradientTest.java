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

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.model.RecurrentLayer.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

class GradientTest {
  private static final int EXAMPLES = 6;
  private static final int IDS = 4;
  private static final float STEP = 0.001f;
  private static final ModelInput SEQUENCE = Models.input("s", ElementType.FLOAT32, 5, 2);
  private static final ModelInput WORDS = Models.input("words", ElementType.INT32, 5);

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
            "rescaling", binary(features(4), dense(3), new Layer.Rescaling(-1.5, 0.25), dense(1))),
        arguments(
            "average-pooling2d",
            regression(
                features(5, 5, 1),
                convolution(2, 2, 1, Padding.VALID),
                new PoolingLayer.AveragePooling2d(3, 2, Padding.SAME),
                flatten,
                dense(1))),
        arguments(
            "global-average-pooling2d",
            regression(
                features(3, 4, 1),
                convolution(2, 2, 1, Padding.VALID),
                new PoolingLayer.GlobalAveragePooling2d(),
                dense(1))),
        arguments(
            "up-sampling2d",
            regression(
                features(2, 3, 1),
                convolution(2, 2, 1, Padding.SAME),
                new PoolingLayer.UpSampling2d(2),
                convolution(1, 3, 1, Padding.VALID),
                flatten,
                dense(1))),
        arguments(
            "conv2d of a rectangle with gaps",
            regression(
                features(5, 4, 1),
                new Layer.Conv2d(2, new Window(2, 3, 1, Padding.SAME, 2), Activation.TANH, true),
                convolution(2, 2, 1, Padding.VALID),
                flatten,
                dense(1))),
        arguments(
            "conv2d-transpose",
            regression(
                features(3, 3, 1),
                convolution(2, 2, 1, Padding.VALID),
                new ConvolutionLayer.Conv2dTranspose(
                    2, Window.square(3, 2, Padding.SAME), tanh, true),
                flatten,
                dense(1))),
        arguments(
            "depthwise-conv2d and separable-conv2d",
            regression(
                features(5, 5, 2),
                new ConvolutionLayer.DepthwiseConv2d(
                    2, Window.square(2, 1, Padding.VALID), tanh, true),
                new ConvolutionLayer.SeparableConv2d(
                    2, 1, Window.square(3, 1, Padding.SAME), tanh, true),
                flatten,
                dense(1))),
        arguments(
            "zero-padding2d, cropping2d, bilinear up-sampling2d",
            regression(
                features(3, 3, 1),
                convolution(1, 2, 1, Padding.VALID),
                new BorderLayer.ZeroPadding2d(1, 0, 2, 1),
                new BorderLayer.Cropping2d(0, 1, 1, 0),
                new PoolingLayer.UpSampling2d(2, PoolingLayer.Interpolation.BILINEAR),
                flatten,
                dense(1))),
        arguments(
            "prelu",
            regression(features(4), dense(3), new RectifierLayer.Prelu(List.of()), dense(1))),
        arguments(
            "log-softmax of rows",
            regression(
                features(6),
                dense(6),
                new Layer.Reshape(List.of(2, 3)),
                new Layer.ActivationLayer(Activation.LOG_SOFTMAX),
                flatten,
                dense(1))),
        arguments(
            "batch-normalization of vectors",
            regression(
                features(4),
                dense(3),
                new NormalizationLayer.BatchNormalization(0.99, 1e-3, true, true),
                dense(3, tanh),
                dense(1))),
        arguments(
            "batch-normalization of images",
            regression(
                features(3, 3, 1),
                convolution(2, 2, 1, Padding.VALID),
                new NormalizationLayer.BatchNormalization(0.99, 1e-3, true, false),
                flatten,
                dense(1))),
        arguments(
            "group-normalization",
            regression(
                features(3, 3, 1),
                convolution(4, 2, 1, Padding.VALID),
                new NormalizationLayer.GroupNormalization(2, 1e-3, true, true),
                flatten,
                dense(1))),
        arguments(
            "reshape",
            regression(
                features(6),
                dense(6, tanh),
                new Layer.Reshape(List.of(3, 2)),
                convolution1d(2, 2, 2, Padding.SAME),
                flatten,
                dense(1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void gradientsGoThroughGraphs(String name, List<ModelInput> inputs, List<Node> layers) {
    check(Models.graph(inputs, layers, Target.of(Models.NUMBER, new Loss.SquaredError())));
  }

  static Stream<Arguments> gradientsGoThroughGraphs() {
    Node embedding = node("e", new IdLayer.Embedding(IDS, 3), "words");
    Node last = Node.of(dense(1));
    return Stream.of(
        arguments(
            "conv1d, global-max-pooling1d",
            List.of(SEQUENCE),
            List.of(
                Node.of(convolution1d(2, 2, 1, Padding.VALID)),
                Node.of(new PoolingLayer.GlobalMaxPooling1d()),
                last)),
        arguments(
            "strided conv1d that keeps sizes, global-average-pooling1d",
            List.of(SEQUENCE),
            List.of(
                Node.of(convolution1d(3, 3, 2, Padding.SAME)),
                Node.of(new PoolingLayer.GlobalAveragePooling1d()),
                last)),
        arguments(
            "embedding, mask",
            List.of(WORDS),
            List.of(
                embedding,
                node("mask", new IdLayer.NotEqual(0), "words"),
                node("mean", new PoolingLayer.GlobalAveragePooling1d(), "e", "mask"),
                last)),
        arguments(
            "embedding of scalars, concatenate",
            List.of(
                Models.input("user", ElementType.INT32), Models.input("x", ElementType.FLOAT32, 2)),
            List.of(
                node("u", new IdLayer.Embedding(IDS, 3), "user"),
                node("d", dense(2, Activation.TANH), "x"),
                node("both", new MergeLayer.Concatenate(), "u", "x", "d"),
                last)),
        arguments(
            "lstm over lstm, with a mask",
            List.of(WORDS),
            List.of(
                embedding,
                node("mask", new IdLayer.NotEqual(0), "words"),
                node("l", new RecurrentLayer.OneWay(Cell.LSTM, 2, true, false), "e", "mask"),
                node("m", new RecurrentLayer.OneWay(Cell.LSTM, 2, false, true), "l", "mask"),
                last)),
        arguments(
            "gru over gru",
            List.of(SEQUENCE),
            List.of(
                Node.of(new RecurrentLayer.OneWay(Cell.GRU, 2, true, true)),
                Node.of(new RecurrentLayer.OneWay(Cell.GRU, 2, false, false)),
                last)),
        arguments(
            "gru in both directions, with a mask",
            List.of(WORDS),
            List.of(
                embedding,
                node("mask", new IdLayer.NotEqual(0), "words"),
                node(
                    "b",
                    new RecurrentLayer.Bidirectional(
                        Cell.GRU, 2, true, RecurrentLayer.Merge.CONCAT),
                    "e",
                    "mask"),
                node("flat", new Layer.Flatten(), "b"),
                last)),
        arguments(
            "attention to itself, normalised positions",
            List.of(SEQUENCE),
            List.of(
                node("d", dense(4, Activation.TANH)),
                Node.of(new AttentionLayer.PositionalEmbedding()),
                Node.of(new NormalizationLayer.LayerNormalization(1e-3, true, true)),
                Node.of(new AttentionLayer.MultiHeadAttention(2, 3, 2, 0, true, true)),
                Node.of(new PoolingLayer.GlobalMaxPooling1d()),
                last)),
        arguments(
            "attention to words that are there",
            List.of(WORDS, SEQUENCE),
            List.of(
                embedding,
                node("mask", new IdLayer.NotEqual(0), "words"),
                node(
                    "seen",
                    new AttentionLayer.MultiHeadAttention(2, 2, 3, 0.25, false, false),
                    "s",
                    "e",
                    "mask"),
                node("largest", new PoolingLayer.GlobalMaxPooling1d(), "seen", "mask"),
                last)),
        arguments(
            "cosine of two products",
            List.of(Models.input("x", ElementType.FLOAT32, 3)),
            List.of(
                node("a", dense(3, Activation.TANH), "x"),
                node("b", dense(3, Activation.TANH), "x"),
                node("product", new MergeLayer.Multiply(), "a", "x"),
                node("difference", new MergeLayer.Subtract(), "b", "x"),
                node("cosine", new MergeLayer.Dot(true), "product", "difference"),
                last)),
        arguments(
            "add, with a branch around",
            List.of(Models.input("x", ElementType.FLOAT32, 3)),
            List.of(
                node("a", dense(3, Activation.TANH)),
                node("b", dense(3, Activation.TANH)),
                node("sum", new MergeLayer.Add(), "a", "b", "x"),
                last)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void gradientsGoToEveryTarget(String name, List<Node> layers, List<Target> targets) {
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2, 3, 1);
    check(Models.graph(List.of(x), layers, targets.toArray(Target[]::new)));
  }

  static Stream<Arguments> gradientsGoToEveryTarget() {
    ColumnSpec pixels = new ColumnSpec("pixels", ElementType.INT32, List.of(2, 3));
    ColumnSpec values = new ColumnSpec("values", ElementType.FLOAT32, List.of(2, 3, 2));
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2, 3, 1);
    Loss squares = new Loss.SquaredError();
    return Stream.of(
        arguments(
            "classes of pixels",
            List.of(Node.of(convolution(3, 2, 1, Padding.SAME))),
            List.of(Target.of(pixels, new Loss.Softmax(3)))),
        arguments(
            "two classes of pixels",
            List.of(Node.of(convolution(1, 2, 1, Padding.SAME))),
            List.of(Target.of(pixels, new Loss.Sigmoid()))),
        arguments(
            "values of a shape",
            List.of(Node.of(convolution(2, 2, 1, Padding.SAME))),
            List.of(Target.of(values, squares))),
        arguments(
            "an input and a class, weighted by class",
            List.of(
                node("code", convolution(2, 2, 1, Padding.SAME)),
                node("decoded", convolution(1, 3, 1, Padding.SAME)),
                node("flat", new Layer.Flatten(), "code"),
                Node.of(dense(3))),
            List.of(
                Target.reconstruction(x, "decoded"),
                new Target(Models.CLASS, new Loss.Softmax(3), "", 0.25, List.of(1.0, 3.0, 0.5)))));
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

  private static Layer convolution1d(int filters, int kernel, int strides, Padding padding) {
    return new Layer.Conv1d(filters, kernel, strides, padding, Activation.TANH, true);
  }

  private static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  private static void check(ModelSpec spec) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] at = Models.randomWeights(program, 11);
    int[] rows = {5, 0, 3, 1, 4};
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(spec));
      float[] gradient = local.gradient(at, rows);
      for (Variable variable : program.variables()) {
        for (int i = 0; variable.trainable() && i < variable.size(); i++) {
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
    List<Tensor> columns = new ArrayList<>();
    spec.inputs().forEach(input -> columns.add(column(input.column(), IDS)));
    spec.targets().stream()
        .filter(spec::hasColumn)
        .forEach(target -> columns.add(column(target.label(), target.loss().classes())));
    if (spec.weighted()) {
      columns.add(floats(new float[] {1, 0, 2.5f, 1, 0.5f, 3}, EXAMPLES));
    }
    return columns;
  }

  private static Tensor column(ColumnSpec column, int below) {
    int size = EXAMPLES * column.width();
    long[] shape = column.tensorShape(EXAMPLES);
    if (column.type() == ElementType.FLOAT32) {
      return floats(Models.normals(size, column.name().hashCode()), shape);
    }
    int[] integers = new Random(column.name().hashCode()).ints(size, 0, below).toArray();
    return TInt32.tensorOf(Shape.of(shape), DataBuffers.of(integers));
  }
}
