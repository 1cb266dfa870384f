package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalLayer.floats;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
