package io.lepton.arrow;

import java.io.Serializable;
import java.util.List;

/**
 * One column of a shard: fixed width, without nulls.
 *
 * @param name unique within its schema
 * @param type of one element
 * @param shape of one example; empty for a scalar. A chunk of n examples is a tensor {@code [n,
 *     shape…]}, row-major
 */
public record ColumnSpec(String name, ElementType type, List<Integer> shape)
    implements Serializable {
  public ColumnSpec {
    shape = List.copyOf(shape);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a column must have a name, but was: '" + name + "'");
    }
    for (int dimension : shape) {
      if (dimension <= 0) {
        throw new IllegalArgumentException(
            "dimensions of column '%s' must be positive, but were: %s".formatted(name, shape));
      }
    }
    long width = 1;
    for (int dimension : shape) {
      width *= dimension;
      if (width > Integer.MAX_VALUE / 8) {
        throw new IllegalArgumentException(
            "an example of column '%s' must stay below 2 GiB, but its shape was: %s"
                .formatted(name, shape));
      }
    }
  }

  /** Elements of one example. */
  public int width() {
    int width = 1;
    for (int dimension : shape) {
      width *= dimension;
    }
    return width;
  }

  /** Bytes of one example. */
  public int bytesPerExample() {
    return width() * type.bytes();
  }

  /** The shape of a tensor of {@code examples} rows. */
  public long[] tensorShape(long examples) {
    long[] dimensions = new long[shape.size() + 1];
    dimensions[0] = examples;
    for (int i = 0; i < shape.size(); i++) {
      dimensions[i + 1] = shape.get(i);
    }
    return dimensions;
  }
}
