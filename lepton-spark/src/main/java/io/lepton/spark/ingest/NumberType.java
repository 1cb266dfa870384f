package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A type of Spark SQL whose values are numbers, read without boxing: dates as days and timestamps
 * as seconds since 1970-01-01 (UTC), booleans as 0 and 1.
 *
 * @param precision of a decimal, else 0
 * @param scale of a decimal, else 0
 */
record NumberType(Kind kind, int precision, int scale) implements Serializable {
  private static final double MICROS = 1e6;

  /** How a value lies in memory. */
  enum Kind {
    BOOLEAN,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    MICROSECONDS
  }

  /** The type of numbers of a column; empty if its values are none. */
  static Optional<NumberType> of(DataType type) {
    if (type instanceof DecimalType decimal) {
      return Optional.of(new NumberType(Kind.DECIMAL, decimal.precision(), decimal.scale()));
    }
    return Optional.ofNullable(kind(type)).map(kind -> new NumberType(kind, 0, 0));
  }

  private static Kind kind(DataType type) {
    if (type instanceof BooleanType) {
      return Kind.BOOLEAN;
    } else if (type instanceof ByteType) {
      return Kind.BYTE;
    } else if (type instanceof ShortType) {
      return Kind.SHORT;
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return Kind.INT;
    } else if (type instanceof LongType) {
      return Kind.LONG;
    } else if (type instanceof FloatType) {
      return Kind.FLOAT;
    } else if (type instanceof DoubleType) {
      return Kind.DOUBLE;
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Kind.MICROSECONDS;
    }
    return null;
  }

  /** Whether all values are whole numbers of at most 64 bits. */
  boolean integral() {
    return switch (kind) {
      case BOOLEAN, BYTE, SHORT, INT, LONG -> true;
      case DECIMAL -> scale == 0 && precision <= 18;
      case FLOAT, DOUBLE, MICROSECONDS -> false;
    };
  }

  /** The value of an integral type. */
  long integer(SpecializedGetters cells, int ordinal) {
    return switch (kind) {
      case BOOLEAN -> cells.getBoolean(ordinal) ? 1 : 0;
      case BYTE -> cells.getByte(ordinal);
      case SHORT -> cells.getShort(ordinal);
      case INT -> cells.getInt(ordinal);
      case LONG -> cells.getLong(ordinal);
      case DECIMAL -> cells.getDecimal(ordinal, precision, scale).toLong();
      case FLOAT, DOUBLE, MICROSECONDS ->
          throw new IllegalStateException(kind + " is no integral type");
    };
  }

  /** The value of any type; beyond 2^53 an integer is rounded. */
  double real(SpecializedGetters cells, int ordinal) {
    return switch (kind) {
      case FLOAT -> cells.getFloat(ordinal);
      case DOUBLE -> cells.getDouble(ordinal);
      case DECIMAL -> cells.getDecimal(ordinal, precision, scale).toDouble();
      case MICROSECONDS -> cells.getLong(ordinal) / MICROS;
      case BOOLEAN, BYTE, SHORT, INT, LONG -> integer(cells, ordinal);
    };
  }

  /** The value as it is told in errors. */
  String text(SpecializedGetters cells, int ordinal) {
    return integral()
        ? Long.toString(integer(cells, ordinal))
        : Double.toString(real(cells, ordinal));
  }
}
