package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.Metric;
import io.lepton.tf.TrainingProgram;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Models whose layers pass their input on, so that inputs are outputs. */
class TargetTest {
  private static final Offset<Float> CLOSE = within(1e-5f);
  private static final ColumnSpec PIXELS =
      new ColumnSpec("pixels", ElementType.UINT8, List.of(1, 2));

  @Test
  void classesOfPixelsHaveTheMeanLossAndAccuracyOfAnExample() {
    ModelInput image = Models.input("image", ElementType.FLOAT32, 1, 2, 2);
    float[] logits = {1, 2, 0, 3, 0, 0, -1, 1};
    int[] classes = {1, 0, 0, 1};
    double[] losses = new double[4];
    for (int i = 0; i < 4; i++) {
      double other = logits[2 * i + 1 - classes[i]];
      losses[i] = Math.log1p(Math.exp(other - logits[2 * i + classes[i]]));
    }
    try (LocalProgram local = identity(image, Target.of(PIXELS, new Loss.Softmax(2)))) {
      local.load(List.of(floats(logits, 2, 1, 2, 2), bytes(1, 0, 0, 1)));
      assertThat(local.evaluate(0))
          .startsWith(new float[] {(float) (losses[0] + losses[1]) / 2, 1, 0.5f}, CLOSE);
      assertThat(local.evaluate(0, 1))
          .startsWith(
              new float[] {
                (float) (losses[0] + losses[1] + losses[2] + losses[3]) / 2, 2, 0.5f + 1
              },
              CLOSE);
    }
  }

  @Test
  void twoClassesOfPixelsTakeOneLogitEach() {
    float[] logits = {2, -3, 0.5f, 1};
    float expected = (float) ((Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-3))) / 2);
    for (ModelInput image :
        List.of(
            Models.input("image", ElementType.FLOAT32, 1, 2, 1),
            Models.input("image", ElementType.FLOAT32, 1, 2))) {
      try (LocalProgram local = identity(image, Target.of(PIXELS, new Loss.Sigmoid()))) {
        local.load(List.of(floats(logits, image.column().tensorShape(2)), bytes(1, 0, 0, 0)));
        assertThat(local.evaluate(0)).startsWith(new float[] {expected, 1, 1}, CLOSE);
        assertThat(local.evaluate(1)[2]).isZero();
      }
    }
  }

  @Test
  void valuesOfAShapeHaveTheMeanErrorOfAnExample() {
    ColumnSpec label = new ColumnSpec("values", ElementType.FLOAT32, List.of(2, 2));
    ModelInput input = Models.input("x", ElementType.FLOAT32, 2, 2);
    try (LocalProgram local = identity(input, Target.of(label, new Loss.SquaredError()))) {
      local.load(
          List.of(
              floats(new float[] {1, 2, 3, 4}, 1, 2, 2),
              floats(new float[] {1, 0, 3, 8}, 1, 2, 2)));
      assertThat(local.evaluate(0)).startsWith(5, 1, 1.5f, 5);
    }
  }

  @Test
  void aReconstructionIsComparedWithTheInputAsPrepared() {
    ModelInput input =
        new ModelInput(
            new ColumnSpec("x", ElementType.FLOAT32, List.of(2)),
            List.of(
                new Transform.Fill(List.of(1.0), List.of()),
                new Transform.Scale(List.of(1.0), List.of(2.0))));
    TrainingProgram program =
        ModelCompiler.compile(
                Models.graph(
                    List.of(input),
                    List.of(new Node("decoded", Models.dense(2), List.of())),
                    Target.reconstruction(input, "decoded")),
                1)
            .program();
    assertThat(program.columns()).containsExactly(input.column());
    float[] zeros = new float[(int) program.vectorSize()];
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(floats(new float[] {5, Float.NaN}, 1, 2))).assign(zeros);
      assertThat(local.evaluate(0)).startsWith(2, 1, 1, 2);
    }
  }

  @Test
  void ofSeveralTargetsTheLossIsTheWeightedSumAndEachHasItsMetrics() {
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2);
    ColumnSpec kind = new ColumnSpec("kind", ElementType.INT32, List.of());
    ColumnSpec size = new ColumnSpec("size", ElementType.FLOAT32, List.of());
    ModelSpec spec =
        Models.graph(
            List.of(x),
            List.of(
                new Node("logits", Models.dense(2), List.of("x")),
                new Node("value", Models.dense(1), List.of("logits"))),
            new Target(kind, new Loss.Softmax(2), "logits", 3, List.of()),
            new Target(size, new Loss.SquaredError(), "value", 0.5, List.of()));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    assertThat(program.columns()).containsExactly(x.column(), kind, size);
    assertThat(spec.metrics())
        .startsWith("kind/loss", "kind/accuracy", "size/loss", "size/mae", "size/mse", "kind/auc")
        .endsWith("kind/iou", "size/rmse", "size/r2")
        .isEqualTo(program.metrics().stream().map(Metric::name).toList());
    float[] vector = new float[(int) program.vectorSize()];
    vector[0] = 1;
    vector[3] = 1;
    vector[32] = 1;
    vector[33] = 1;
    float entropy = (float) Math.log1p(Math.exp(-1));
    try (LocalProgram local = new LocalProgram(program)) {
      local
          .load(
              List.of(
                  floats(new float[] {1, 2}, 1, 2), TInt32.vectorOf(1), floats(new float[] {1}, 1)))
          .assign(vector);
      assertThat(local.evaluate(0))
          .startsWith(new float[] {3 * entropy + 0.5f * 4, 1, entropy, 1, 4, 2, 4}, CLOSE);
    }
  }

  @Test
  void classWeightsCountWhileTrainingAndNotInEvaluation() {
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2);
    Target plain = Target.of(Models.CLASS, new Loss.Softmax(2));
    Target target = new Target(Models.CLASS, plain.loss(), "", 1, List.of(0.5, 4.0));
    ModelSpec byClass = Models.weighted(Models.graph(List.of(x), dense(), target));
    ModelSpec byExample = Models.weighted(Models.graph(List.of(x), dense(), plain));
    TrainingProgram program = ModelCompiler.compile(byClass, 1).program();
    float[] vector = Models.randomWeights(program, 3);
    try (LocalProgram classes = new LocalProgram(program);
        LocalProgram examples = new LocalProgram(ModelCompiler.compile(byExample, 1).program())) {
      classes.load(columns(1, 2, 1)).assign(vector);
      examples.load(columns(1 * 4f, 2 * 0.5f, 1 * 4f)).assign(vector);
      assertThat(classes.train(0, 0, 0, 0, 1, 2))
          .containsExactly(examples.train(0, 0, 0, 0, 1, 2), CLOSE);
      assertThat(classes.gradient(vector, 0, 1, 2))
          .containsExactly(examples.gradient(vector, 0, 1, 2), CLOSE);
      classes.assign(vector);
      assertThat(classes.evaluate(0, 1, 2)[1]).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT8", "INT32", "INT64"})
  void classLabelsAreOfAnyIntegerType(ElementType type) {
    ColumnSpec label = new ColumnSpec("kind", type, List.of());
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2);
    Target target = new Target(label, new Loss.Softmax(2), "", 1, List.of(1.0, 2.0));
    try (LocalProgram local = identity(x, target)) {
      local.load(List.of(floats(new float[] {0, 9, 9, 0}, 2, 2), one(type)));
      assertThat(local.evaluate(0, 1)[2]).isEqualTo(1);
      assertThat(local.train(0, 0, 0, 0, 1)[1]).isEqualTo(4);
    }
  }

  @Test
  void anOutputThatIsNoLayersIsRefusedWithTheNearest() {
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2);
    Target target = new Target(Models.NUMBER, new Loss.SquaredError(), "valeu", 1, List.of());
    ModelSpec spec =
        Models.graph(
            List.of(x),
            List.of(new Node("value", Models.dense(1), List.of()), Node.of(Models.dense(1))),
            target,
            Target.of(new ColumnSpec("other", ElementType.FLOAT32, List.of()), target.loss()));
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "the output of target 'label' must be a layer's, but was: 'valeu'; did you mean"
                + " 'value', of: value, dense_1?");
  }

  @Test
  void targetsThatCannotBeAreRefused() {
    ModelInput x = Models.input("x", ElementType.FLOAT32, 2);
    Target classes = new Target(Models.CLASS, new Loss.Softmax(2), "", 1, List.of(1.0));
    assertRefused(
        Models.graph(List.of(x), dense(), classes),
        "class weights must be one for each of the 2 classes of a scalar label, but were 1 for"
            + " 'label' of shape []; leave them out, or give as many");
    assertRefused(
        Models.graph(
            List.of(x), dense(), Target.of(Models.NUMBER, new RankingLoss.InBatchSoftmax(1))),
        "in-batch softmax wants a label of type UINT8, INT32 or INT64, one an example, but 'label'"
            + " has FLOAT32 []; give the id of the item, as a column or as an input of ids");
    assertRefused(
        Models.graph(List.of(x), dense(), Target.of(x.column(), new RankingLoss.Contrastive(1))),
        "contrastive wants a label of type UINT8, INT32 or INT64, one an example, but 'x' is an"
            + " input as prepared; give 1 for two of the same kind and 0 for others");
    assertRefused(
        Models.graph(List.of(x), dense(), Target.of(x.column(), new RankingLoss.Triplet(1))),
        "triplet wants outputs of shape [3, any], but layer 0 (dense) gives [2]; concatenate the"
            + " vectors and end with a reshape layer that gives that");
    assertRefused(
        Models.graph(
            List.of(x), Node.chain(Models.dense(1)), Target.of(x.column(), new RankingLoss.Bpr())),
        "BPR wants outputs of shape [any], but layer 0 (dense) gives [1]; end with a layer that"
            + " gives two scores or more");
    assertRefused(
        Models.graph(List.of(x), dense(), Target.of(Models.CLASS, new ClassLoss.Focal(3, 2, 0.5))),
        "focal over 3 classes wants outputs of shape [3], but layer 0 (dense) gives [2]; end with a"
            + " dense layer of units = 3");
    Target plain = Target.of(Models.CLASS, new Loss.Softmax(2));
    assertRefused(
        Models.graph(List.of(x), dense(), plain, plain),
        "inputs, labels and weight must have different names, but were: [x, label, label];"
            + " rename 'label'");
    assertRefused(
        Models.graph(List.of(x), dense(), Target.of(x.column(), new Loss.Softmax(2))),
        "softmax over 2 classes wants a label of type UINT8, INT32 or INT64, but 'x' is an input as"
            + " prepared; give the class number, or use squared error for a measured value");
    assertRefused(
        Models.graph(List.of(x), dense()),
        "a model must have an input and a target, but had 1 and 0; add what is missing");
    assertThatThrownBy(() -> new Target(Models.CLASS, plain.loss(), "", 0, List.of()))
        .hasMessage("weight must be positive, but was: 0.0");
    assertThatThrownBy(() -> new Target(Models.CLASS, plain.loss(), "", 1, List.of(1.0, -1.0)))
        .hasMessage("class weights must be finite and not negative, but were: [1.0, -1.0]");
  }

  @Test
  void accuracyOfATargetIsBetterWhenHigher() {
    assertThat(Loss.higherIsBetter("accuracy")).isTrue();
    assertThat(Loss.higherIsBetter("kind/accuracy")).isTrue();
    assertThat(Loss.higherIsBetter("size/mae")).isFalse();
    assertThat(Loss.higherIsBetter("loss")).isFalse();
  }

  private static void assertRefused(ModelSpec spec, String message) {
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private static List<Node> dense() {
    return Node.chain(Models.dense(2));
  }

  private static List<Tensor> columns(float... weights) {
    return List.of(
        floats(Models.normals(6, 1), 3, 2), TInt32.vectorOf(1, 0, 1), floats(weights, 3));
  }

  /** Flattened, through an identity, and back into the shape it had. */
  private static LocalProgram identity(ModelInput input, Target target) {
    int width = input.column().width();
    List<Node> layers =
        Node.chain(
            new Layer.Flatten(), Models.dense(width), new Layer.Reshape(input.column().shape()));
    TrainingProgram program =
        ModelCompiler.compile(Models.graph(List.of(input), layers, target), 1).program();
    float[] identity = new float[(int) program.vectorSize()];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    return new LocalProgram(program).assign(identity);
  }

  private static TUint8 bytes(int... classes) {
    byte[] values = new byte[classes.length];
    for (int i = 0; i < classes.length; i++) {
      values[i] = (byte) classes[i];
    }
    return TUint8.tensorOf(Shape.of(classes.length / 2, 1, 2), DataBuffers.of(values));
  }

  private static Tensor one(ElementType type) {
    return switch (type) {
      case UINT8 -> TUint8.vectorOf((byte) 1, (byte) 1);
      case INT32 -> TInt32.vectorOf(1, 1);
      default -> TInt64.vectorOf(1, 1);
    };
  }
}
