package io.lepton.spark.ingest;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** How Spark ML lays a vector out in a row: type, size, indices and values. */
final class MlVector {
  /** Number of fields. */
  static final int FIELDS = 4;

  private static final List<String> NAMES = List.of("type", "size", "indices", "values");
  private static final int TYPE = 0;
  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;

  private MlVector() {}

  static boolean is(DataType type) {
    return type instanceof UserDefinedType<?> udt
        && udt.sqlType() instanceof StructType struct
        && List.of(struct.fieldNames()).equals(NAMES);
  }

  static boolean isSparse(InternalRow vector) {
    return vector.getByte(TYPE) == 0;
  }

  static int size(InternalRow vector) {
    return isSparse(vector) ? vector.getInt(SIZE) : values(vector).numElements();
  }

  /** Of the values of a sparse vector. */
  static ArrayData indices(InternalRow vector) {
    return vector.getArray(INDICES);
  }

  static ArrayData values(InternalRow vector) {
    return vector.getArray(VALUES);
  }
}
