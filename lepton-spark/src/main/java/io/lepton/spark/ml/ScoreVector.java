package io.lepton.spark.ml;

import io.lepton.tf.bundle.Scores;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.UserDefinedType;

/** The rows of a column that a model adds, filled from what a run gives. One thread. */
final class ScoreVector {
  private static final int TYPE = 0;
  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;
  private static final byte DENSE = 1;

  private final ScoreColumn column;
  private final WritableColumnVector vector;
  private final WritableColumnVector numbers;
  private final int width;
  private final int capacity;
  private boolean hasNulls;
  private float[] read = new float[0];
  private double[] written = new double[0];

  ScoreVector(ScoreColumn column, int capacity) {
    this.column = column;
    this.capacity = capacity;
    this.width = column.width();
    DataType type = column.type() instanceof UserDefinedType<?> udt ? udt.sqlType() : column.type();
    this.vector = new OnHeapColumnVector(capacity, type);
    this.numbers = column.isVector() ? values(vector, capacity, width) : vector;
  }

  WritableColumnVector vector() {
    return vector;
  }

  /** Forgets the rows of the last batch. */
  void clear() {
    if (column.content() == ScoreColumn.Content.REASON) {
      vector.reset();
      vector.putNulls(0, capacity);
    } else if (hasNulls) {
      vector.putNotNulls(0, capacity);
      hasNulls = false;
    }
  }

  /** Writes the scores of rows from one on. */
  void write(int row, int count, FloatBuffer output) {
    if (column.content() == ScoreColumn.Content.REASON) {
      return;
    }
    int from = count * column.output().width();
    int to = count * width;
    if (read.length < from || written.length < to) {
      read = new float[from];
      written = new double[to];
    }
    output.get(0, read, 0, from);
    switch (column.content()) {
      case NUMBERS -> {
        for (int i = 0; i < to; i++) {
          written[i] = read[i];
        }
      }
      case BOTH_LOGITS -> both(count, 0);
      case BOTH_PROBABILITIES -> both(count, 1);
      case CLASS -> {
        int logits = column.output().logits();
        for (int i = 0; i < to; i++) {
          written[i] = choice(i * logits, logits);
        }
      }
      case REASON -> throw new IllegalStateException("a reason is no score");
    }
    numbers.putDoubles(row * width, to, written, 0);
  }

  /** Marks rows among those just written of which the model gave a NaN. */
  void findUndefined(int row, int count, BitSet undefined) {
    if (column.content() == ScoreColumn.Content.REASON) {
      return;
    }
    int all = column.output().width();
    for (int i = 0; i < count; i++) {
      boolean nan = false;
      for (int j = i * all; j < (i + 1) * all; j++) {
        nan |= Float.isNaN(read[j]);
      }
      if (nan) {
        undefined.set(row + i);
      }
    }
  }

  /** Takes the scores of a row away. */
  void refuse(int row, String reason) {
    if (column.content() == ScoreColumn.Content.REASON) {
      byte[] text = reason.getBytes(StandardCharsets.UTF_8);
      vector.putNotNull(row);
      vector.putByteArray(row, text, 0, text.length);
    } else {
      vector.putNull(row);
      hasNulls = true;
    }
  }

  /** Both of two classes out of that of class 1, as what is left of a sum. */
  private void both(int count, double sum) {
    for (int i = 0; i < count; i++) {
      written[2 * i] = sum - read[i];
      written[2 * i + 1] = read[i];
    }
  }

  /** NaN if one of the numbers is. */
  private double choice(int from, int count) {
    if (column.thresholds().isEmpty()) {
      int likeliest = Scores.likeliest(read, from, count);
      return likeliest == Scores.NO_CLASS ? Double.NaN : likeliest;
    }
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < Math.max(2, count); i++) {
      double probability = count > 1 ? read[from + i] : i == 1 ? read[from] : 1.0 - read[from];
      if (Double.isNaN(probability)) {
        return Double.NaN;
      }
      double threshold = column.thresholds().get(i);
      double scaled =
          threshold > 0 ? probability / threshold : probability > 0 ? Double.POSITIVE_INFINITY : 0;
      if (scaled > highest) {
        highest = scaled;
        best = i;
      }
    }
    return best;
  }

  /** Lays dense vectors of Spark ML out, side by side. */
  private static WritableColumnVector values(WritableColumnVector vector, int capacity, int width) {
    vector.getChild(TYPE).putBytes(0, capacity, DENSE);
    vector.getChild(SIZE).putNulls(0, capacity);
    vector.getChild(INDICES).putNulls(0, capacity);
    WritableColumnVector arrays = vector.getChild(VALUES);
    for (int row = 0; row < capacity; row++) {
      arrays.putArray(row, row * width, width);
    }
    arrays.arrayData().reserve(Math.multiplyExact(capacity, width));
    return arrays.arrayData();
  }
}
