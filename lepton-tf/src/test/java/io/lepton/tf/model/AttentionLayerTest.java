package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalLayer.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.tf.model.AttentionLayer.MultiHeadAttention;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttentionLayerTest {
  private static final int STEPS = 3;
  private static final int SEEN = 4;
  private static final int CHANNELS = 2;
  private static final int SEEN_CHANNELS = 3;
  private static final int HEADS = 2;
  private static final int KEY = 2;
  private static final int VALUE = 3;

  private final Random random = new Random(1);
  private final MultiHeadAttention layer =
      new MultiHeadAttention(HEADS, KEY, VALUE, 0, true, false);
  private final float[] looking = uniform(2 * STEPS * CHANNELS);
  private final float[] seen = uniform(2 * SEEN * SEEN_CHANNELS);
  private final float[] mask = {1, 1, 0, 1, 0, 1, 0, 0};
  private final Map<String, float[]> weights = new HashMap<>();

  AttentionLayerTest() {
    weights.put("query/kernel", uniform(CHANNELS * HEADS * KEY));
    weights.put("query/bias", uniform(HEADS * KEY));
    weights.put("key/kernel", uniform(SEEN_CHANNELS * HEADS * KEY));
    weights.put("key/bias", uniform(HEADS * KEY));
    weights.put("value/kernel", uniform(SEEN_CHANNELS * HEADS * VALUE));
    weights.put("value/bias", uniform(HEADS * VALUE));
    weights.put("attention-output/kernel", uniform(HEADS * VALUE * CHANNELS));
    weights.put("attention-output/bias", uniform(CHANNELS));
  }

  @Test
  void headsLookAtTheStepsThatAreThere() {
    float[] out =
        LocalLayer.run(
            layer,
            List.of(
                floats(List.of(STEPS, CHANNELS), looking),
                floats(List.of(SEEN, SEEN_CHANNELS), seen),
                floats(List.of(SEEN), mask)),
            named());

    assertClose(out, expected(false));
  }

  @Test
  void causalHeadsLookNotAhead() {
    Arrays.fill(mask, 1);
    MultiHeadAttention causal = new MultiHeadAttention(HEADS, KEY, VALUE, 0, true, true);

    float[] out =
        LocalLayer.run(
            causal,
            List.of(
                floats(List.of(STEPS, CHANNELS), looking),
                floats(List.of(SEEN, SEEN_CHANNELS), seen)),
            named());

    assertClose(out, expected(true));
  }

  @Test
  void positionsAreAddedToEachStep() {
    float[] learned = uniform(STEPS * CHANNELS);
    float[] out =
        LocalLayer.run(
            new AttentionLayer.PositionalEmbedding(),
            List.of(floats(List.of(STEPS, CHANNELS), looking)),
            Map.of("positional-embedding_0/embeddings", learned));
    double[] expected = new double[looking.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (double) looking[i] + learned[i % learned.length];
    }
    assertClose(out, expected);
  }

  @Test
  void wavesGoByStepAndChannel() {
    float[] out =
        LocalLayer.run(
            new AttentionLayer.SinusoidalPositions(),
            List.of(floats(List.of(2, 4), new float[8])),
            Map.of());
    assertClose(out, 0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01));
  }

  @Test
  void inputsInAnotherOrderAreRefused() {
    assertThatThrownBy(() -> layer.outputShape(List.of(List.of(5, 2), List.of(4), List.of(4, 2))))
        .hasMessage(
            "multi-head-attention takes a sequence, or the one that looks and the one that is seen,"
                + " then a mask of the steps seen, but was given [[5, 2], [4], [4, 2]]; name them in"
                + " this order");
    assertThatThrownBy(() -> layer.outputShape(List.of(List.of(5, 2), List.of(4))))
        .hasMessageContaining("but was given [[5, 2], [4]]");
    assertThat(layer.outputShape(List.of(List.of(5, 2), List.of(5)))).containsExactly(5, 2);
  }

  /** By the formula, one number after the other. */
  private double[] expected(boolean causal) {
    double[] out = new double[looking.length];
    for (int example = 0; example < 2; example++) {
      for (int step = 0; step < STEPS; step++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          out[(example * STEPS + step) * CHANNELS + channel] =
              weights.get("attention-output/bias")[channel];
        }
        for (int head = 0; head < HEADS; head++) {
          double[] shares = shares(example, step, head, causal);
          for (int v = 0; v < VALUE; v++) {
            double value = 0;
            for (int s = 0; s < SEEN; s++) {
              value +=
                  shares[s]
                      * project("value", seen, SEEN_CHANNELS, example * SEEN + s, head, v, VALUE);
            }
            for (int channel = 0; channel < CHANNELS; channel++) {
              out[(example * STEPS + step) * CHANNELS + channel] +=
                  value
                      * weights
                          .get("attention-output/kernel")[(head * VALUE + v) * CHANNELS + channel];
            }
          }
        }
      }
    }
    return out;
  }

  private double[] shares(int example, int step, int head, boolean causal) {
    double[] shares = new double[SEEN];
    double sum = 0;
    for (int s = 0; s < SEEN; s++) {
      double score = 0;
      for (int k = 0; k < KEY; k++) {
        score +=
            project("query", looking, CHANNELS, example * STEPS + step, head, k, KEY)
                * project("key", seen, SEEN_CHANNELS, example * SEEN + s, head, k, KEY);
      }
      boolean visible = mask[example * SEEN + s] == 1 && !(causal && s > step);
      shares[s] = visible ? Math.exp(score / Math.sqrt(KEY)) : 0;
      sum += shares[s];
    }
    for (int s = 0; s < SEEN; s++) {
      shares[s] /= sum;
    }
    return shares;
  }

  private double project(
      String name, float[] x, int channels, int row, int head, int k, int width) {
    double sum = weights.get(name + "/bias")[head * width + k];
    for (int c = 0; c < channels; c++) {
      sum +=
          (double) x[row * channels + c]
              * weights.get(name + "/kernel")[(c * HEADS + head) * width + k];
    }
    return sum;
  }

  private Map<String, float[]> named() {
    Map<String, float[]> named = new HashMap<>();
    weights.forEach((name, values) -> named.put("multi-head-attention_0/" + name, values));
    return named;
  }

  private float[] uniform(int size) {
    float[] array = new float[size];
    for (int i = 0; i < size; i++) {
      array[i] = 2 * random.nextFloat() - 1;
    }
    return array;
  }
}
