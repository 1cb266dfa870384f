package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.MetricSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/** Metrics of many batches against their definition over all examples. */
class MetricsTest {
  private static final int EXAMPLES = 700;
  private static final Offset<Double> EXACT = within(1e-6);
  private static final ModelInput LOGIT = Models.input("x", ElementType.FLOAT32, 1);

  private final Random random = new Random(11);
  private final int[] labels = random.ints(EXAMPLES, 0, 2).toArray();
  private final float[] logits = new float[EXAMPLES];
  private final float[] weights = new float[EXAMPLES];

  MetricsTest() {
    for (int i = 0; i < EXAMPLES; i++) {
      logits[i] = (float) (2 * random.nextGaussian() + labels[i] - 0.8);
      weights[i] = random.nextInt(4);
    }
  }

  @Test
  void curvesOfTwoClassesAreThoseOfSortedExamples() {
    Integer[] ranked = IntStream.range(0, EXAMPLES).boxed().toArray(Integer[]::new);
    Arrays.sort(ranked, Comparator.comparingDouble(i -> -logits[i]));
    double positives = 0;
    double negatives = 0;
    double area = 0;
    double precision = 0;
    for (int i : ranked) {
      if (labels[i] == 1) {
        positives += weights[i];
        precision += weights[i] * positives / (positives + negatives);
      } else {
        area += weights[i] * positives;
        negatives += weights[i];
      }
    }
    MetricSums sums = binary(new Loss.Sigmoid(), logits);
    assertThat(sums.value("auc")).isCloseTo(area / (positives * negatives), within(1e-3));
    assertThat(sums.value("average-precision")).isCloseTo(precision / positives, within(1e-3));
  }

  @Test
  void ratesOfTwoClassesAreCountedAtTheMiddle() {
    logits[0] = 0;
    logits[1] = Float.MIN_NORMAL;
    logits[2] = 1e30f;
    logits[3] = -1e30f;
    double hits = 0;
    double alarms = 0;
    double misses = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      boolean taken = logits[i] > 0;
      hits += taken && labels[i] == 1 ? weights[i] : 0;
      alarms += taken && labels[i] == 0 ? weights[i] : 0;
      misses += !taken && labels[i] == 1 ? weights[i] : 0;
    }
    for (Loss loss : List.of(new Loss.Sigmoid(), new ClassLoss.Focal(2, 2, 0.5))) {
      MetricSums sums = binary(loss, logits);
      assertThat(sums.value("precision")).isCloseTo(hits / (hits + alarms), EXACT);
      assertThat(sums.value("recall")).isCloseTo(hits / (hits + misses), EXACT);
      assertThat(sums.value("f1")).isCloseTo(2 * hits / (2 * hits + alarms + misses), EXACT);
      assertThat(sums.value("iou")).isCloseTo(hits / (hits + alarms + misses), EXACT);
    }
  }

  @Test
  void aPerfectOrderHasAnAreaOfOneAndNoneAHalf() {
    float[] perfect = new float[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      perfect[i] = labels[i] - 0.5f;
    }
    assertThat(binary(new Loss.Sigmoid(), perfect).value("auc")).isEqualTo(1);
    assertThat(binary(new Loss.Sigmoid(), perfect).value("average-precision")).isEqualTo(1);
    assertThat(binary(new Loss.Sigmoid(), new float[EXAMPLES]).value("auc")).isEqualTo(0.5);
  }

  @Test
  void twoLogitsAreMeasuredByTheirDifference() {
    float[] both = new float[2 * EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      both[2 * i] = 3;
      both[2 * i + 1] = 3 + logits[i];
    }
    MetricSums expected = binary(new Loss.Sigmoid(), logits);
    try (OutputProgram program =
        new OutputProgram(
            Models.input("x", ElementType.FLOAT32, 2),
            Target.of(Models.CLASS, new Loss.Softmax(2)),
            true)) {
      program.load(
          List.of(floats(both, EXAMPLES, 2), TInt32.vectorOf(labels), floats(weights, EXAMPLES)));
      MetricSums sums = program.evaluate(batches());
      assertThat(sums.value("auc")).isCloseTo(expected.value("auc"), within(1e-3));
      assertThat(sums.value("f1")).isCloseTo(expected.value("f1"), within(1e-3));
    }
  }

  @Test
  void partsInAnyOrderGiveTheSameAsTheWhole() {
    try (OutputProgram program = program(LOGIT, new Loss.Sigmoid(), Models.CLASS)) {
      program.load(
          List.of(floats(logits, EXAMPLES, 1), TInt32.vectorOf(labels), floats(weights, EXAMPLES)));
      MetricSums whole = program.evaluate(List.of(Models.rows(EXAMPLES)));
      List<MetricSums> parts = new ArrayList<>();
      batches().forEach(batch -> parts.add(0, program.evaluate(List.of(batch))));
      MetricSums merged = parts.remove(0);
      parts.forEach(merged::add);
      for (String metric : List.of("auc", "average-precision", "precision", "recall", "f1")) {
        assertThat(merged.value(metric)).isEqualTo(whole.value(metric));
      }
    }
  }

  @Test
  void classesOfPixelsAreComparedOverAllImages() {
    int classes = 7;
    int pixels = 3;
    float[] outputs = Models.normals(EXAMPLES * pixels * classes, 4);
    int[] truth = random.ints((long) EXAMPLES * pixels, 0, classes - 1).toArray();
    double[] right = new double[classes];
    double[] either = new double[classes];
    double[] both = new double[classes];
    double top = 0;
    double weight = 0;
    for (int i = 0; i < truth.length; i++) {
      int given = 0;
      int better = 0;
      for (int c = 0; c < classes; c++) {
        given = outputs[i * classes + c] > outputs[i * classes + given] ? c : given;
        better += outputs[i * classes + c] > outputs[i * classes + truth[i]] ? 1 : 0;
      }
      double w = weights[i / pixels];
      weight += w;
      top += better < 5 ? w : 0;
      both[given] += w;
      both[truth[i]] += w;
      either[given] += w;
      either[truth[i]] += given == truth[i] ? 0 : w;
      right[given] += given == truth[i] ? w : 0;
    }
    double union = 0;
    double f1 = 0;
    for (int c = 0; c < classes; c++) {
      union += right[c] / either[c] / classes;
      f1 += 2 * right[c] / both[c] / classes;
    }
    ColumnSpec label = new ColumnSpec("y", ElementType.INT32, List.of(pixels));
    ModelInput input = Models.input("x", ElementType.FLOAT32, pixels, classes);
    try (OutputProgram program = program(input, new Loss.Softmax(classes), label)) {
      program.load(
          List.of(
              floats(outputs, EXAMPLES, pixels, classes),
              TInt32.tensorOf(Shape.of(EXAMPLES, pixels), DataBuffers.of(truth)),
              floats(weights, EXAMPLES)));
      MetricSums sums = program.evaluate(batches());
      assertThat(sums.value("mean-iou")).isCloseTo(union, EXACT);
      assertThat(sums.value("macro-f1")).isCloseTo(f1, EXACT);
      assertThat(sums.value("top-5-accuracy")).isCloseTo(top / weight, EXACT);
    }
  }

  @Test
  void numbersFarFromZeroKeepTheirSpread() {
    float[] outputs = new float[EXAMPLES];
    float[] truth = new float[EXAMPLES];
    double mean = 0;
    double weight = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      truth[i] = (float) (10_000 + random.nextGaussian());
      outputs[i] = (float) (truth[i] + 0.5 * random.nextGaussian());
      mean += weights[i] * truth[i];
      weight += weights[i];
    }
    mean /= weight;
    double errors = 0;
    double deviations = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      errors += weights[i] * Math.pow((double) outputs[i] - truth[i], 2);
      deviations += weights[i] * Math.pow(truth[i] - mean, 2);
    }
    try (OutputProgram program = program(LOGIT, new MeasuredLoss.Huber(1), Models.NUMBER)) {
      program.load(
          List.of(
              floats(outputs, EXAMPLES, 1), floats(truth, EXAMPLES), floats(weights, EXAMPLES)));
      MetricSums sums = program.evaluate(batches());
      assertThat(sums.value("r2")).isCloseTo(1 - errors / deviations, within(1e-4));
      assertThat(sums.value("rmse")).isCloseTo(Math.sqrt(errors / weight), within(1e-5));
    }
  }

  @Test
  void onlyErrorsAreBetterWhenLower() {
    for (String metric : List.of("loss", "mae", "a/mse", "size/rmse", "b/loss")) {
      assertThat(Loss.higherIsBetter(metric)).isFalse();
    }
    for (String metric : List.of("accuracy", "a/auc", "r2", "mean-iou", "top-5-accuracy", "f1")) {
      assertThat(Loss.higherIsBetter(metric)).isTrue();
    }
  }

  private MetricSums binary(Loss loss, float[] outputs) {
    try (OutputProgram program = program(LOGIT, loss, Models.CLASS)) {
      program.load(
          List.of(
              floats(outputs, EXAMPLES, 1), TInt32.vectorOf(labels), floats(weights, EXAMPLES)));
      return program.evaluate(batches());
    }
  }

  private static OutputProgram program(ModelInput input, Loss loss, ColumnSpec label) {
    return new OutputProgram(input, Target.of(label, loss), true);
  }

  /** All rows once, in batches of random sizes. */
  private List<int[]> batches() {
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < EXAMPLES; ) {
      int to = Math.min(EXAMPLES, from + 1 + random.nextInt(100));
      batches.add(IntStream.range(from, to).toArray());
      from = to;
    }
    return batches;
  }
}
