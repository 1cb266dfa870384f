package io.lepton.tf.bundle;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;

/** The vectors of an Arrow batch as the inputs of a model: lent where they lie, or put together. */
final class ArrowColumns implements AutoCloseable {
  private final Bundle bundle;
  private final VectorSchemaRoot batch;
  private final BufferAllocator memory;
  private final List<ArrowBuf> data = new ArrayList<>();
  private final List<ArrowBuf> owned = new ArrayList<>();

  ArrowColumns(Bundle bundle, VectorSchemaRoot batch, BufferAllocator memory) {
    this.bundle = bundle;
    this.batch = batch;
    this.memory = memory;
    try {
      for (ColumnSpec column : bundle.inputs()) {
        ArrowBuf buffer = buffer(column);
        data.add(buffer);
        FiniteRule.check(bundle, column, buffer, batch.getRowCount());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  List<ArrowBuf> data() {
    return data;
  }

  /** Frees what was put together; what was lent is not ours. */
  @Override
  public void close() {
    owned.forEach(ArrowBuf::close);
    owned.clear();
  }

  private ArrowBuf buffer(ColumnSpec column) {
    FieldVector whole = batch.getVector(column.name());
    if (whole != null) {
      FieldVector elements = elements(column, whole);
      requireNoNulls(column, whole);
      requireNoNulls(column, elements);
      return elements.getDataBuffer();
    }
    Optional<InputColumns> columns =
        bundle.columns().stream()
            .filter(it -> it.input().equals(column.name()) && it.numbers())
            .findFirst();
    if (columns.isEmpty()
        || columns.get().columns().size() != column.width()
        || columns.get().columns().stream().anyMatch(name -> batch.getVector(name) == null)) {
      throw new IllegalArgumentException(
          "a batch must have a vector '%s'%s, but has: %s"
              .formatted(
                  column.name(),
                  columns.map(it -> " or the numbers " + it.columns()).orElse(""),
                  batch.getSchema().getFields().stream().map(field -> field.getName()).toList()));
    }
    return assemble(column, columns.get());
  }

  private static void requireNoNulls(ColumnSpec column, FieldVector vector) {
    if (vector.getNullCount() > 0) {
      throw new IllegalArgumentException(
          "vector '%s' must have no nulls, but has: %d; write NaN for numbers the model is to fill"
              .formatted(column.name(), vector.getNullCount()));
    }
  }

  /** The vector whose data lies as the input's does. */
  private static FieldVector elements(ColumnSpec column, FieldVector vector) {
    FieldVector elements = vector;
    int width = 1;
    if (vector instanceof FixedSizeListVector list) {
      elements = list.getDataVector();
      width = list.getListSize();
    } else if (vector instanceof FixedSizeBinaryVector bytes) {
      width = bytes.getByteWidth();
    }
    if (width != column.width() || !fits(column, elements)) {
      throw new IllegalArgumentException(
          "vector '%s' must be %d elements of %s a row, but was: %s"
              .formatted(column.name(), column.width(), column.type(), vector.getField()));
    }
    return elements;
  }

  private static boolean fits(ColumnSpec column, FieldVector vector) {
    return switch (column.type()) {
      case FLOAT32 -> vector instanceof Float4Vector;
      case FLOAT64 -> vector instanceof Float8Vector;
      case INT32 -> vector instanceof IntVector;
      case INT64 -> vector instanceof BigIntVector;
      case UINT8, BOOL -> vector instanceof UInt1Vector || vector instanceof FixedSizeBinaryVector;
    };
  }

  private ArrowBuf assemble(ColumnSpec column, InputColumns columns) {
    int rows = batch.getRowCount();
    ArrowBuf to = memory.buffer(AlignedMemory.roundUp((long) rows * column.bytesPerExample()));
    owned.add(to);
    int bytes = column.type().bytes();
    for (int element = 0; element < column.width(); element++) {
      FieldVector vector = batch.getVector(columns.columns().get(element));
      for (int row = 0; row < rows; row++) {
        long at = ((long) row * column.width() + element) * bytes;
        write(column, to, at, vector, row);
      }
    }
    return to;
  }

  private static void write(ColumnSpec column, ArrowBuf to, long at, FieldVector vector, int row) {
    boolean missing = vector.isNull(row);
    switch (column.type()) {
      case FLOAT32 -> to.setFloat(at, missing ? Float.NaN : (float) real(vector, row));
      case FLOAT64 -> to.setDouble(at, missing ? Double.NaN : real(vector, row));
      default -> {
        if (missing) {
          throw new IllegalArgumentException(
              "vector '%s' must have no nulls, but row %d is null"
                  .formatted(vector.getName(), row));
        }
        long whole = vector instanceof BigIntVector it ? it.get(row) : (long) real(vector, row);
        switch (column.type().bytes()) {
          case 8 -> to.setLong(at, whole);
          case 4 -> to.setInt(at, Math.toIntExact(whole));
          default -> to.setByte(at, (byte) whole);
        }
      }
    }
  }

  private static double real(FieldVector vector, int row) {
    if (vector instanceof Float4Vector floats) {
      return floats.get(row);
    } else if (vector instanceof Float8Vector doubles) {
      return doubles.get(row);
    } else if (vector instanceof IntVector ints) {
      return ints.get(row);
    } else if (vector instanceof BigIntVector longs) {
      return longs.get(row);
    } else if (vector instanceof UInt1Vector bytes) {
      return bytes.get(row) & 0xff;
    } else if (vector instanceof BitVector bits) {
      return bits.get(row);
    }
    throw new IllegalArgumentException(
        "vector '%s' must be of numbers, but was: %s"
            .formatted(vector.getName(), vector.getField()));
  }
}
