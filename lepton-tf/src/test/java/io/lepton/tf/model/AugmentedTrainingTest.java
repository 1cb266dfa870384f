package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** What compiled programs make of augmentations. */
class AugmentedTrainingTest {
  private static final int EXAMPLES = 6;
  private static final long FIRST = 3L << 40;
  private static final Offset<Float> CLOSE = within(2e-3f);
  private static final List<Augmentation> LIST =
      List.of(
          new Augmentation.RandomCrop(3),
          new Augmentation.HorizontalFlip(0.5),
          new Augmentation.Brightness(0.3, 255));

  @Test
  void stepsSeeTheExamplesAsAugmentedByTheKeyOfTheEpochAndTheNumbersOfTheExamples() {
    float[] seen =
        AugmentedBatch.of(Images.INPUT, LIST, 8, ids(FIRST, EXAMPLES), Images.random(EXAMPLES))
            .values();
    try (LocalProgram local = brightness(LIST)) {
      local.load(images(EXAMPLES), FIRST).epoch(8);
      for (int row = 0; row < EXAMPLES; row++) {
        assertThat(local.train(0, 3, 4, row)[2])
            .isCloseTo((float) Math.abs(mean(Images.image(seen, row))), CLOSE);
      }
    }
  }

  @Test
  void evaluationDoesNotAugment() {
    float[] stored = Images.random(EXAMPLES);
    try (LocalProgram local = brightness(LIST)) {
      local.load(images(EXAMPLES), FIRST).epoch(8);
      for (int row = 0; row < EXAMPLES; row++) {
        float expected = (float) mean(Images.image(stored, row));
        assertThat(local.evaluate(row)[2]).isCloseTo(expected, CLOSE);
        assertThat(local.train(0, 3, 4, row)[2]).isNotCloseTo(expected, CLOSE);
      }
    }
  }

  @Test
  void servingDoesNotAugment() {
    assertThat(served(LIST)).isEqualTo(served(List.of()));
  }

  @Test
  void theSameEpochRepeatsBitForBitAndAnotherDiffers() {
    int[] rows = Models.rows(EXAMPLES);
    try (LocalProgram local = brightness(LIST)) {
      local.load(images(EXAMPLES), FIRST);
      float[] first = local.epoch(8).train(0, 1, 2, rows);
      assertThat(local.epoch(9).train(0, 1, 2, rows)).isNotEqualTo(first);
      assertThat(local.epoch(8).train(0, 77, 78, rows)).isEqualTo(first);
    }
  }

  @Test
  void batchesOfAnotherSizeAndChunksCutElsewhereSeeTheSameExamples() {
    try (LocalProgram local = brightness(LIST)) {
      local.load(images(EXAMPLES), FIRST).epoch(8);
      float[] each = new float[EXAMPLES];
      for (int row = 0; row < EXAMPLES; row++) {
        each[row] = local.train(0, row, 2, row)[2];
      }
      assertThat(local.train(0, 9, 2, 5, 0, 3)[2]).isCloseTo(each[5] + each[0] + each[3], CLOSE);
      local.load(images(2), FIRST);
      assertThat(local.train(0, 9, 2, 1)[2]).isEqualTo(each[1]);
      assertThat(local.load(images(2), FIRST + 2).train(0, 9, 2, 1)[2]).isNotEqualTo(each[1]);
    }
  }

  @Test
  void whatIsAugmentedIsWhatCameOutOfTheTransforms() {
    ModelInput input =
        new ModelInput(
            new ColumnSpec("x", ElementType.FLOAT32, List.of(2)),
            List.of(
                new Transform.Fill(List.of(7.0), List.of(0)),
                new Transform.Scale(List.of(-1.0, 5.0, 9.0), List.of(1.0))),
            List.of(new Augmentation.FeatureDropout(1)));
    ModelSpec spec =
        Models.graph(
            List.of(input),
            Node.chain(Models.dense(1)),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    try (LocalProgram local = new LocalProgram(ModelCompiler.compile(spec, 1).program())) {
      float[] vector = new float[32];
      Arrays.fill(vector, 0, 3, 1);
      vector[16] = 4;
      local
          .load(List.of(floats(new float[] {Float.NaN, 6}, 1, 2), floats(new float[] {1}, 1)))
          .assign(vector);
      assertThat(local.train(0, 0, 0, 0)[2]).isEqualTo(4 - 1);
      assertThat(local.evaluate(0)[2]).isEqualTo(8 + 1 + (1 - 9) + 4 - 1);
    }
  }

  @Test
  void idsStayIdsForAnEmbedding() {
    ModelInput text =
        new ModelInput(
            new ColumnSpec("text", ElementType.INT32, List.of(3)),
            List.of(),
            List.of(new Augmentation.WordDropout(1, 2)));
    ModelSpec spec =
        Models.graph(
            List.of(text),
            Node.chain(new IdLayer.Embedding(4, 1), new Layer.Flatten(), Models.dense(1)),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] vector = new float[(int) program.vectorSize()];
    System.arraycopy(new float[] {100, 10, 1, 1000}, 0, vector, 0, 4);
    Arrays.fill(vector, 16, 19, 1);
    try (LocalProgram local = new LocalProgram(program)) {
      TInt32 tokens = TInt32.tensorOf(Shape.of(1, 3), DataBuffers.of(3, 1, 0));
      local.load(List.of(tokens, floats(new float[] {0}, 1))).assign(vector);
      assertThat(local.train(0, 0, 0, 0)[2]).isEqualTo(1 + 1 + 100);
      assertThat(local.evaluate(0)[2]).isEqualTo(1000 + 10 + 100);
    }
  }

  @Test
  void aReconstructionIsComparedWithTheInputBeforeItIsAugmented() {
    ModelInput input =
        new ModelInput(
            new ColumnSpec("x", ElementType.FLOAT32, List.of(2)),
            List.of(),
            List.of(new Augmentation.FeatureDropout(1)));
    ModelSpec spec =
        Models.graph(
            List.of(input),
            List.of(new Node("decoded", Models.dense(2), List.of())),
            Target.reconstruction(input, "decoded"));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] identity = new float[(int) program.vectorSize()];
    identity[0] = 1;
    identity[3] = 1;
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(floats(new float[] {3, -5}, 1, 2))).assign(identity);
      assertThat(local.evaluate(0)[0]).isZero();
      assertThat(local.train(0, 0, 0, 0)[0]).isEqualTo((9 + 25) / 2f);
    }
  }

  @Test
  void theLossOfMixedExamplesIsSharedBetweenLabelsAndAllElseIsTheirOwn() {
    List<Augmentation> list = List.of(new Augmentation.MixUp(0.4));
    ModelSpec spec = mixed(list);
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] vector = Models.randomWeights(program, 3);
    int[] labels = {0, 1, 2, 2, 0, 1};
    float[] weights = {1, 2, 3, 0.5f, 1, 4};
    double[] classWeights = {0.5, 2, 1};
    AugmentedBatch batch =
        AugmentedBatch.of(Images.INPUT, list, 8, ids(FIRST, EXAMPLES), Images.random(EXAMPLES));
    double loss = 0;
    double weight = 0;
    double right = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      double[] logits = logits(vector, Images.image(batch.values(), i));
      double share = batch.lambdas()[i];
      double own = weights[i] * classWeights[labels[i]];
      loss +=
          own
              * (share * entropy(logits, labels[i])
                  + (1 - share) * entropy(logits, labels[batch.partners()[i]]));
      weight += own;
      right += own * (best(logits) == labels[i] ? 1 : 0);
    }
    try (LocalProgram local = new LocalProgram(program)) {
      local
          .load(List.of(bytes(EXAMPLES), TInt32.vectorOf(labels), floats(weights, EXAMPLES)), FIRST)
          .epoch(8)
          .assign(vector);
      int[] rows = Models.rows(EXAMPLES);
      assertThat(local.train(0, 1, 2, rows))
          .containsExactly(new float[] {(float) loss, (float) weight, (float) right}, CLOSE);
      assertGradient(local, vector, rows);
    }
  }

  @Test
  void twoInputsOfOneModelAreNotMixed() {
    ModelInput first = picture("a", new Augmentation.MixUp(1));
    ModelInput second =
        picture("b", new Augmentation.VerticalFlip(0.5), new Augmentation.CutMix(1));
    assertRefused(
        "at most one input of a model must have mixup or cutmix, but these have: a, b; keep one",
        first,
        second);
  }

  @Test
  void augmentationsThatDoNotFitTheInputAsPreparedAreRefused() {
    assertRefused(
        "word-swap takes a text, int32 tokens of shape [length], but input 'x' is FLOAT32 of shape"
            + " [8]; take it out of the input's augmentations",
        new ModelInput(
            new ColumnSpec("x", ElementType.INT32, List.of(2)),
            List.of(new Transform.OneHot(List.of(4))),
            List.of(new Augmentation.WordSwap(0.1))));
  }

  private static void assertRefused(String message, ModelInput... inputs) {
    ModelSpec spec =
        Models.graph(List.of(inputs), List.of(), Target.of(Models.NUMBER, new Loss.SquaredError()));
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  /** By finite differences along each of some weights. */
  private static void assertGradient(LocalProgram local, float[] vector, int... rows) {
    float[] gradient = new float[vector.length];
    local.assign(vector).train(1, 1, 2, rows);
    float[] after = local.read();
    for (int i = 0; i < vector.length; i++) {
      gradient[i] = vector[i] - after[i];
    }
    for (int i : new int[] {0, 100, 301, 647, 648, 650}) {
      double slope =
          (meanLoss(local, vector, i, 1e-3f, rows) - meanLoss(local, vector, i, -1e-3f, rows))
              / 2e-3;
      assertThat((double) gradient[i]).as("%d", i).isCloseTo(slope, within(5e-3));
    }
  }

  private static double meanLoss(
      LocalProgram local, float[] vector, int index, float move, int... rows) {
    float[] moved = vector.clone();
    moved[index] += move;
    float[] summary = local.assign(moved).train(0, 1, 2, rows);
    return summary[0] / summary[1];
  }

  /** Three logits of an image whose values are shrunk to numbers about one. */
  private static ModelSpec mixed(List<Augmentation> list) {
    Target target = new Target(Models.CLASS, new Loss.Softmax(3), "", 1, List.of(0.5, 2.0, 1.0));
    return Models.weighted(
        Models.graph(
            List.of(new ModelInput(Images.INPUT, List.of(), list)),
            Node.chain(new Layer.Rescaling(1 / 256.0, 0), new Layer.Flatten(), Models.dense(3)),
            target));
  }

  private static double[] logits(float[] vector, float[] image) {
    int bias = 3 * Images.SIZE + (16 - 3 * Images.SIZE % 16) % 16;
    double[] logits = {vector[bias], vector[bias + 1], vector[bias + 2]};
    for (int i = 0; i < Images.SIZE; i++) {
      for (int unit = 0; unit < 3; unit++) {
        logits[unit] += image[i] / 256.0 * vector[3 * i + unit];
      }
    }
    return logits;
  }

  private static double entropy(double[] logits, int label) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - logits[label]);
    }
    return Math.log(sum);
  }

  private static int best(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /** A model that gives the mean of a picture, every value by a weight of its own. */
  private static LocalProgram brightness(List<Augmentation> list) {
    TrainingProgram program = ModelCompiler.compile(spec(list), 1).program();
    float[] vector = new float[(int) program.vectorSize()];
    for (int i = 0; i < Images.SIZE; i++) {
      vector[i] = weight(i);
    }
    return new LocalProgram(program).assign(vector);
  }

  private static double mean(float[] image) {
    double mean = 0;
    for (int i = 0; i < Images.SIZE; i++) {
      mean += image[i] * weight(i);
    }
    return mean;
  }

  private static float weight(int i) {
    return (1 + i) / 25_000f;
  }

  private static Object served(List<Augmentation> list) {
    ModelSpec spec = spec(list);
    try (ServingGraph graph = new ServingGraph(spec, ModelRules.check(spec))) {
      return graph.toSavedModel();
    }
  }

  private static ModelSpec spec(List<Augmentation> list) {
    return Models.graph(
        List.of(new ModelInput(Images.INPUT, List.of(), list)),
        Node.chain(new Layer.Flatten(), Models.dense(1)),
        Target.of(Models.NUMBER, new Loss.SquaredError()));
  }

  private static ModelInput picture(String name, Augmentation... list) {
    return new ModelInput(
        new ColumnSpec(name, ElementType.UINT8, List.of(4, 4, 1)), List.of(), List.of(list));
  }

  /** Pictures and zeros. */
  private static List<Tensor> images(int count) {
    return List.of(bytes(count), floats(new float[count], count));
  }

  private static TUint8 bytes(int count) {
    float[] values = Images.random(count);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) values[i];
    }
    return TUint8.tensorOf(Shape.of(Images.INPUT.tensorShape(count)), DataBuffers.of(bytes));
  }

  private static long[] ids(long first, int count) {
    return LongStream.range(first, first + count).toArray();
  }
}
