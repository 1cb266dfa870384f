package io.lepton.tf.bundle;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** That numbers are finite where the model does not fill what is missing. */
final class FiniteRule {
  private FiniteRule() {}

  /**
   * Checks a column.
   *
   * @throws IllegalArgumentException naming the input, the row and the number
   */
  static void check(Bundle bundle, ColumnSpec column, ArrowBuf data, int rows) {
    if (column.type() != ElementType.FLOAT32 && column.type() != ElementType.FLOAT64) {
      return;
    }
    Optional<InputColumns> columns =
        bundle.columns().stream().filter(it -> it.input().equals(column.name())).findFirst();
    boolean single = column.type() == ElementType.FLOAT32;
    int width = column.width();
    for (long i = 0; i < (long) rows * width; i++) {
      double value = single ? data.getFloat(4 * i) : data.getDouble(8 * i);
      int element = (int) (i % width);
      if (!Double.isFinite(value) && columns.filter(it -> it.fills(element)).isEmpty()) {
        throw new IllegalArgumentException(
            "input '%s' must have finite numbers, as in training, but row %d has %s at element %d"
                .formatted(column.name(), i / width, value, element));
      }
    }
  }
}
