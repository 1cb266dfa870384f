package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TInt32;

/** What of a program stays as it is when TensorFlow rewrites its graph for bfloat16. */
class MixedPrecisionTest {
  /** More than bfloat16 can tell from its neighbours. */
  private static final int EXAMPLES = 1003;

  static final ConfigProto BFLOAT16 =
      ConfigProto.newBuilder()
          .setGraphOptions(
              GraphOptions.newBuilder()
                  .setRewriteOptions(
                      RewriterConfig.newBuilder()
                          .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)))
          .build();

  static Stream<ModelSpec> models() {
    Layer hidden = Models.dense(32, Activation.RELU);
    return Stream.of(
        Models.classifier(Models.features(16), 3, hidden, Models.dense(3)),
        Models.binary(Models.features(16), hidden, Models.dense(1)),
        Models.regression(Models.features(16), hidden, Models.dense(1)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void summariesAreNotRounded(ModelSpec spec) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    int[] rows = Models.rows(EXAMPLES);
    try (LocalProgram exact = new LocalProgram(program);
        LocalProgram mixed = new LocalProgram(program, BFLOAT16)) {
      float[] expected = exact.load(columns(spec)).assign(vector).evaluate(rows);
      float[] summary = mixed.load(columns(spec)).assign(vector).evaluate(rows);
      assertThat(summary[0]).isCloseTo(expected[0], within(0.01f * expected[0]));
      assertThat(summary[1]).isEqualTo(EXAMPLES);
      assertThat(mixed.train(0.01f, 0, 0, rows)[1]).isEqualTo(EXAMPLES);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void onlyTheBatchIsCastNotTheChunk(ModelSpec spec) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    try (LocalProgram mixed = new LocalProgram(program, BFLOAT16)) {
      mixed.load(columns(spec)).assign(Models.randomWeights(program, 2));
      List<NodeDef> nodes = mixed.optimizedGraph(1, 2, 3);
      assumeTrue(
          nodes.stream().anyMatch(MixedPrecisionTest::isBfloat16),
          "this processor's TensorFlow does not rewrite graphs for bfloat16");
      assertThat(nodes)
          .extracting(NodeDef::getName)
          .noneMatch(name -> name.startsWith("chunk/") && name.contains("Cast"))
          .anyMatch(name -> name.startsWith("batch/") && name.contains("CastToBf16"));
    }
  }

  @Test
  void stepsOfALongSequenceAreCountedWhole() {
    int steps = 2003;
    ModelInput x = Models.input("x", ElementType.FLOAT32, steps, 1);
    ModelInput ids = Models.input("ids", ElementType.INT32, steps);
    Layer.Conv1d same = new Layer.Conv1d(1, 1, 1, Padding.SAME, Activation.LINEAR, false);
    ModelSpec spec =
        Models.graph(
            List.of(x, ids),
            List.of(
                new Node("same", same, List.of("x")),
                new Node("mask", new IdLayer.NotEqual(0), List.of("ids")),
                new Node("m", new PoolingLayer.GlobalAveragePooling1d(), List.of("same", "mask")),
                Node.of(new Layer.Dense(1, Activation.LINEAR, false))),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] ones = new float[(int) program.vectorSize()];
    ones[0] = 1;
    ones[16] = 1;
    float[] values = new float[steps];
    int[] words = new int[steps];
    for (int i = 0; i < steps; i++) {
      values[i] = 1;
      words[i] = i % 3;
    }
    try (LocalProgram mixed = new LocalProgram(program, BFLOAT16)) {
      mixed
          .load(
              List.of(
                  floats(values, 1, steps, 1),
                  TInt32.tensorOf(Shape.of(1, steps), DataBuffers.of(words)),
                  floats(new float[] {0}, 1)))
          .assign(ones);
      assertThat(mixed.evaluate(0)[2]).isCloseTo(1, within(0.01f));
    }
  }

  private static boolean isBfloat16(NodeDef node) {
    return node.getAttrMap().values().stream()
        .anyMatch(attribute -> attribute.getType() == DataType.DT_BFLOAT16);
  }

  private static List<Tensor> columns(ModelSpec spec) {
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = i % 2;
    }
    return List.of(
        floats(Models.normals(EXAMPLES * 16, 1), EXAMPLES, 16),
        Models.loss(spec) instanceof Loss.SquaredError
            ? floats(Models.normals(EXAMPLES, 2), EXAMPLES)
            : TInt32.vectorOf(labels));
  }
}
