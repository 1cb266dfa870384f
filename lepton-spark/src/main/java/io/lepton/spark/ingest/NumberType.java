package io.lepton.spark.ingest;

import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** A numeric type of Spark SQL, read without boxing. */
@SuppressWarnings("ImmutableEnumChecker")
enum NumberType {
  BOOLEAN(DataTypes.BooleanType, true) {
    @Override
    long integer(SpecializedGetters cells, int ordinal) {
      return cells.getBoolean(ordinal) ? 1 : 0;
    }
  },
  BYTE(DataTypes.ByteType, true) {
    @Override
    long integer(SpecializedGetters cells, int ordinal) {
      return cells.getByte(ordinal);
    }
  },
  SHORT(DataTypes.ShortType, true) {
    @Override
    long integer(SpecializedGetters cells, int ordinal) {
      return cells.getShort(ordinal);
    }
  },
  INT(DataTypes.IntegerType, true) {
    @Override
    long integer(SpecializedGetters cells, int ordinal) {
      return cells.getInt(ordinal);
    }
  },
  LONG(DataTypes.LongType, true) {
    @Override
    long integer(SpecializedGetters cells, int ordinal) {
      return cells.getLong(ordinal);
    }
  },
  FLOAT(DataTypes.FloatType, false) {
    @Override
    double real(SpecializedGetters cells, int ordinal) {
      return cells.getFloat(ordinal);
    }
  },
  DOUBLE(DataTypes.DoubleType, false) {
    @Override
    double real(SpecializedGetters cells, int ordinal) {
      return cells.getDouble(ordinal);
    }
  };

  private final DataType dataType;
  private final boolean integral;

  NumberType(DataType dataType, boolean integral) {
    this.dataType = dataType;
    this.integral = integral;
  }

  static Optional<NumberType> of(DataType dataType) {
    for (NumberType type : values()) {
      if (type.dataType.equals(dataType)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  boolean integral() {
    return integral;
  }

  /** The value of an integral type. */
  long integer(SpecializedGetters cells, int ordinal) {
    throw new IllegalStateException(this + " is no integral type");
  }

  /** The value of any type; beyond 2^53 an integer is rounded. */
  double real(SpecializedGetters cells, int ordinal) {
    return integer(cells, ordinal);
  }
}
