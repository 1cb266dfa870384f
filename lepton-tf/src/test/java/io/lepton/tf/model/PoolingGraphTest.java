package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalLayer.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeDef;

class PoolingGraphTest {
  private static final int EXAMPLES = 3;
  private static final int STEPS = 4;
  private static final List<Integer> SEQUENCE = List.of(STEPS, 2);

  private final float[] sequences = Models.normals(EXAMPLES * STEPS * 2, 1);

  @Test
  void averagesAndMaximaOfASequenceAreThoseOfEachChannel() {
    double[] means = new double[EXAMPLES * 2];
    double[] maxima = new double[EXAMPLES * 2];
    for (int at = 0; at < means.length; at++) {
      maxima[at] = Double.NEGATIVE_INFINITY;
      for (int step = 0; step < STEPS; step++) {
        float value = sequences[(at / 2 * STEPS + step) * 2 + at % 2];
        means[at] += value / (double) STEPS;
        maxima[at] = Math.max(maxima[at], value);
      }
    }
    assertClose(run(new PoolingLayer.GlobalAveragePooling1d(), SEQUENCE, sequences), means);
    assertClose(run(new PoolingLayer.GlobalMaxPooling1d(), SEQUENCE, sequences), maxima);
  }

  @Test
  void averagesOnlyTheStepsThatAreThere() {
    float[] mask = {1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    double[] expected = new double[EXAMPLES * 2];
    for (int at = 0; at < expected.length; at++) {
      int example = at / 2;
      double count = 0;
      for (int step = 0; step < STEPS; step++) {
        double there = mask[example * STEPS + step];
        expected[at] += there * sequences[(example * STEPS + step) * 2 + at % 2];
        count += there;
      }
      expected[at] /= count;
    }
    assertClose(masked(mask), expected);
  }

  @Test
  void averageOfNoStepIsZero() {
    float[] mask = {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0};
    float[] means = masked(mask);
    assertThat(new float[] {means[0], means[1], means[4], means[5]}).containsOnly(0);
    assertThat(means[2]).isNotZero();
  }

  @Test
  void averageOfAnImageIsThatOfEachChannel() {
    float[] images = Models.normals(EXAMPLES * 6 * 2, 1);
    double[] means = new double[EXAMPLES * 2];
    for (int i = 0; i < images.length; i++) {
      means[i / 12 * 2 + i % 2] += images[i] / 6.0;
    }
    assertClose(run(new PoolingLayer.GlobalAveragePooling2d(), List.of(2, 3, 2), images), means);
  }

  @Test
  void upSamplingRepeatsEachPixelInBothDirections() {
    float[] image = {1, 10, 2, 20, 3, 30, 4, 40};
    assertThat(run(new PoolingLayer.UpSampling2d(2), List.of(2, 2, 2), image))
        .containsExactly(
            1, 10, 1, 10, 2, 20, 2, 20, //
            1, 10, 1, 10, 2, 20, 2, 20, //
            3, 30, 3, 30, 4, 40, 4, 40, //
            3, 30, 3, 30, 4, 40, 4, 40);
  }

  @Test
  void bilinearUpSamplingLiesBetweenTheCentresOfPixels() {
    float[] image = {0, 4, 8, 12};
    assertClose(
        run(
            new PoolingLayer.UpSampling2d(2, PoolingLayer.Interpolation.BILINEAR),
            List.of(2, 2, 1),
            image),
        0,
        1,
        3,
        4, //
        2,
        3,
        5,
        6, //
        6,
        7,
        9,
        10, //
        8,
        9,
        11,
        12);
  }

  @Test
  void windowsOfASequenceHaveTheirMaximumAndMean() {
    float[] steps = {1, -1, 2, 5, 4, 0, 3, 2, 9, 9};
    assertThat(run(new PoolingLayer.MaxPooling1d(2, 2, Padding.VALID), List.of(5, 2), steps))
        .containsExactly(2, 5, 4, 2);
    assertThat(run(new PoolingLayer.AveragePooling1d(3, 2, Padding.SAME), List.of(5, 2), steps))
        .containsExactly(1.5f, 2, 3, 7 / 3f, 6, 5.5f);
  }

  @Test
  void theMaximumOfAnImageIsThatOfEachChannel() {
    float[] image = {1, 10, 7, 20, 3, 90, 4, 40};
    assertThat(run(new PoolingLayer.GlobalMaxPooling2d(), List.of(2, 2, 2), image))
        .containsExactly(7, 90);
  }

  @Test
  void bordersOfZerosAreAddedAndTakenAway() {
    float[] image = {1, 2, 3, 4};
    float[] padded = {0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0};
    assertThat(run(new BorderLayer.ZeroPadding2d(1, 0, 1, 1), List.of(2, 2, 1), image))
        .containsExactly(padded);
    assertThat(run(new BorderLayer.Cropping2d(1, 0, 1, 1), List.of(3, 4, 1), padded))
        .containsExactly(image);
    assertThatThrownBy(
            () -> new BorderLayer.Cropping2d(1, 1, 0, 0).outputShape(List.of(List.of(2, 2, 1))))
        .hasMessage(
            "cropping2d leaves at least one pixel, but was given [2, 2, 1] to take 2 rows and 0"
                + " columns from; crop less");
  }

  @Test
  void poolingIsByTheOperationsThatOneDnnTakes() {
    ModelSpec spec =
        Models.regression(
            Models.features(4, 4, 1),
            new Layer.Conv2d(1, 1, 1, Padding.SAME, Activation.LINEAR, true),
            new PoolingLayer.MaxPooling2d(2, 1, Padding.SAME),
            new PoolingLayer.AveragePooling2d(2, 1, Padding.SAME),
            new Layer.Reshape(List.of(16, 1)),
            new PoolingLayer.MaxPooling1d(2, 2, Padding.SAME),
            new PoolingLayer.AveragePooling1d(2, 2, Padding.SAME),
            new Layer.Flatten(),
            Models.dense(1));
    assertThat(LocalProgram.graphDef(ModelCompiler.compile(spec, 1).program()).getNodeList())
        .extracting(NodeDef::getOp)
        .contains("MaxPool", "MaxPoolGrad", "AvgPool", "AvgPoolGrad")
        .doesNotContain("MaxPoolV2", "MaxPoolGradV2");
  }

  private float[] masked(float... mask) {
    return LocalLayer.run(
        new PoolingLayer.GlobalAveragePooling1d(),
        List.of(floats(SEQUENCE, sequences), floats(List.of(STEPS), mask)),
        Map.of());
  }

  private static float[] run(Layer layer, List<Integer> shape, float[] x) {
    return LocalLayer.run(layer, List.of(floats(shape, x)), Map.of());
  }
}
