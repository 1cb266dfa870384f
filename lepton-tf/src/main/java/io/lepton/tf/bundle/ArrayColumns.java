package io.lepton.tf.bundle;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Arrays copied to memory that can be lent. */
final class ArrayColumns implements AutoCloseable {
  private final List<ArrowBuf> data = new ArrayList<>();

  ArrayColumns(Bundle bundle, Map<String, ?> arrays, int rows, BufferAllocator memory) {
    try {
      for (ColumnSpec column : bundle.inputs()) {
        ArrowBuf buffer =
            memory.buffer(AlignedMemory.roundUp((long) rows * column.bytesPerExample()));
        data.add(buffer);
        copy(column, arrays.get(column.name()), rows, buffer);
        FiniteRule.check(bundle, column, buffer, rows);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** How many rows the arrays have, all the same number. */
  static int rows(Bundle bundle, Map<String, ?> arrays) {
    List<String> names = bundle.inputs().stream().map(ColumnSpec::name).toList();
    if (!arrays.keySet().equals(Set.copyOf(names))) {
      throw new IllegalArgumentException(
          "arrays must be given for the inputs %s, but were for: %s"
              .formatted(names, arrays.keySet().stream().sorted().toList()));
    }
    int rows = -1;
    for (ColumnSpec column : bundle.inputs()) {
      Object array = arrays.get(column.name());
      int own = rows(column, array);
      if (rows >= 0 && rows != own) {
        throw new IllegalArgumentException(
            "inputs must have the same number of rows, but had %d and, of '%s', %d"
                .formatted(rows, column.name(), own));
      }
      rows = own;
    }
    return rows;
  }

  List<ArrowBuf> data() {
    return data;
  }

  @Override
  public void close() {
    data.forEach(ArrowBuf::close);
    data.clear();
  }

  private static int rows(ColumnSpec column, Object array) {
    Class<?> type = array == null ? Void.class : array.getClass();
    if (type == element(column).arrayType().arrayType()) {
      return Array.getLength(array);
    }
    if (type == element(column).arrayType() && Array.getLength(array) % column.width() == 0) {
      return Array.getLength(array) / column.width();
    }
    throw new IllegalArgumentException(
        "input '%s' takes %s[][] of rows of %d elements, or all of them in one array, but was given: %s"
            .formatted(column.name(), element(column), column.width(), shown(type, array)));
  }

  private static String shown(Class<?> type, Object array) {
    return type.isArray()
        ? type.getSimpleName() + " of length " + Array.getLength(array)
        : type.getSimpleName();
  }

  private static Class<?> element(ColumnSpec column) {
    return switch (column.type()) {
      case FLOAT32 -> float.class;
      case FLOAT64 -> double.class;
      case INT32 -> int.class;
      case INT64 -> long.class;
      case UINT8 -> byte.class;
      case BOOL -> boolean.class;
    };
  }

  private static void copy(ColumnSpec column, Object array, int rows, ArrowBuf to) {
    if (!array.getClass().getComponentType().isArray()) {
      copy(array, to, 0);
      return;
    }
    for (int row = 0; row < rows; row++) {
      Object values = Array.get(array, row);
      int length = values == null ? 0 : Array.getLength(values);
      if (length != column.width()) {
        throw new IllegalArgumentException(
            "input '%s' must have %d elements a row, but row %d had: %d"
                .formatted(column.name(), column.width(), row, length));
      }
      copy(values, to, (long) row * column.bytesPerExample());
    }
  }

  private static void copy(Object values, ArrowBuf to, long at) {
    int length = Array.getLength(values);
    if (values instanceof byte[] bytes) {
      to.setBytes(at, bytes, 0, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      if (values instanceof float[] floats) {
        to.setFloat(at + 4L * i, floats[i]);
      } else if (values instanceof double[] doubles) {
        to.setDouble(at + 8L * i, doubles[i]);
      } else if (values instanceof int[] ints) {
        to.setInt(at + 4L * i, ints[i]);
      } else if (values instanceof long[] longs) {
        to.setLong(at + 8L * i, longs[i]);
      } else {
        to.setByte(at + i, ((boolean[]) values)[i] ? 1 : 0);
      }
    }
  }
}
