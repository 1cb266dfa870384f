package io.lepton.tf.bundle;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a model gave for some rows, by output, in arrays of its own. */
public final class Scores {
  /** In place of a class where the model gives NaN. */
  public static final int NO_CLASS = -1;

  private final List<ModelOutput> outputs;
  private final int rows;
  private final List<float[]> values = new ArrayList<>();

  Scores(List<ModelOutput> outputs, int rows) {
    this.outputs = outputs;
    this.rows = rows;
    outputs.forEach(output -> values.add(new float[Math.multiplyExact(rows, output.width())]));
  }

  void take(int first, int count, List<FloatBuffer> views) {
    for (int i = 0; i < views.size(); i++) {
      int width = outputs.get(i).width();
      views.get(i).get(0, values.get(i), first * width, count * width);
    }
  }

  /** Rows that were scored. */
  public int rows() {
    return rows;
  }

  /** Names of the outputs. */
  public List<String> names() {
    return outputs.stream().map(ModelOutput::name).toList();
  }

  /**
   * All numbers of an output, row after row; the array itself.
   *
   * @throws IllegalArgumentException if there is no such output
   */
  public float[] values(String output) {
    return values.get(index(output));
  }

  /** The numbers of an output of one row. */
  public float[] row(String output, int row) {
    int index = index(output);
    int width = outputs.get(index).width();
    float[] numbers = new float[width];
    System.arraycopy(values.get(index), row * width, numbers, 0, width);
    return numbers;
  }

  /** The likeliest classes of the only label, as {@link #classes(String)}. */
  public int[] classes() {
    return classes("");
  }

  /**
   * The likeliest class of each element of a label, row after row; the lower one of two that are
   * equally likely, {@link #NO_CLASS} if one is NaN.
   *
   * @param label empty if there is but one
   * @throws IllegalArgumentException if that is no label of classes
   */
  public int[] classes(String label) {
    int index = index(label.isEmpty() ? "logits" : label + "_logits");
    int logits = outputs.get(index).logits();
    float[] numbers = values.get(index);
    int[] classes = new int[numbers.length / logits];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = likeliest(numbers, i * logits, logits);
    }
    return classes;
  }

  /**
   * The likeliest class of as many logits as there are from one on, of two classes if one; {@link
   * #NO_CLASS} if one of them is NaN.
   */
  public static int likeliest(float[] logits, int from, int count) {
    int best = 0;
    for (int i = 0; i < count; i++) {
      float logit = logits[from + i];
      if (Float.isNaN(logit)) {
        return NO_CLASS;
      }
      best = logit > logits[from + best] ? i : best;
    }
    return count > 1 ? best : logits[from] > 0 ? 1 : 0;
  }

  private int index(String output) {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).name().equals(output)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "an output must be one of %s, but was: %s".formatted(names(), output));
  }
}
