package io.lepton.spark.ml;

import io.lepton.tf.bundle.ModelOutput;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A column that a model adds.
 *
 * @param name of the column
 * @param content of it
 * @param output of the model it is made of; nothing for reasons
 * @param source its index among the outputs
 * @param thresholds that probabilities are divided by before the largest is chosen; may be empty
 */
record ScoreColumn(String name, Content content, Shape output, int source, List<Double> thresholds)
    implements Serializable {
  /** What a column holds. */
  enum Content {
    /** Numbers as the model gives them. */
    NUMBERS,
    /** Logits or probabilities of both classes, out of one. */
    BOTH_LOGITS,
    BOTH_PROBABILITIES,
    /** The class chosen. */
    CLASS,
    /** Why there are no scores. */
    REASON
  }

  /**
   * Numbers of one example.
   *
   * @param width all of them
   * @param logits those of one choice
   */
  record Shape(int width, int logits) implements Serializable {
    static final Shape NOTHING = new Shape(1, 1);

    static Shape of(ModelOutput output) {
      return new Shape(
          output.width(), output.kind() == ModelOutput.Kind.PREDICTIONS ? 1 : output.logits());
    }
  }

  ScoreColumn {
    thresholds = List.copyOf(thresholds);
  }

  /** Numbers of a row. */
  int width() {
    return switch (content) {
      case NUMBERS -> output.width();
      case BOTH_LOGITS, BOTH_PROBABILITIES -> 2;
      case CLASS -> output.width() / output.logits();
      case REASON -> 0;
    };
  }

  /** Bytes of a row's numbers. */
  long bytesPerRow() {
    return (long) Double.BYTES * width();
  }

  /** Whether rows hold vectors; else a number. */
  boolean isVector() {
    return width() > 1 || (content == Content.NUMBERS && output.logits() > 1);
  }

  DataType type() {
    if (content == Content.REASON) {
      return DataTypes.StringType;
    }
    return isVector() ? SQLDataTypes.VectorType() : DataTypes.DoubleType;
  }
}
