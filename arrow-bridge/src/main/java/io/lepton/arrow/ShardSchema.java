package io.lepton.arrow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How columns look in Arrow: scalars as primitive vectors, bytes of a shape as fixed-size binary,
 * other arrays as fixed-size lists; element type and shape as metadata of the field.
 */
final class ShardSchema {
  private static final String TYPE = "lepton.type";
  private static final String SHAPE = "lepton.shape";

  private ShardSchema() {}

  static Schema toArrow(List<ColumnSpec> columns) {
    return new Schema(columns.stream().map(ShardSchema::field).toList());
  }

  static List<ColumnSpec> fromArrow(Schema schema) {
    return schema.getFields().stream().map(ShardSchema::column).toList();
  }

  /** The nodes of a column in a record batch of so many rows. */
  static List<ArrowFieldNode> nodes(ColumnSpec column, int rows) {
    ArrowFieldNode node = new ArrowFieldNode(rows, 0);
    return isList(column)
        ? List.of(node, new ArrowFieldNode((long) rows * column.width(), 0))
        : List.of(node);
  }

  /** The buffers of a column in a record batch: empty validity, then the data. */
  static List<ArrowBuf> buffers(ColumnSpec column, ArrowBuf empty, ArrowBuf data) {
    return isList(column) ? List.of(empty, empty, data) : List.of(empty, data);
  }

  /** Position of a column's data among the buffers of a record batch. */
  static int dataBuffer(List<ColumnSpec> columns, int column) {
    int position = 0;
    for (int i = 0; i < column; i++) {
      position += isList(columns.get(i)) ? 3 : 2;
    }
    return position + (isList(columns.get(column)) ? 2 : 1);
  }

  private static boolean isList(ColumnSpec column) {
    return !column.shape().isEmpty() && !isBytes(column);
  }

  private static boolean isBytes(ColumnSpec column) {
    return column.type() == ElementType.UINT8 || column.type() == ElementType.BOOL;
  }

  private static Field field(ColumnSpec column) {
    Map<String, String> metadata =
        Map.of(
            TYPE,
            column.type().name(),
            SHAPE,
            column.shape().stream().map(String::valueOf).collect(Collectors.joining(",")));
    ArrowType type;
    List<Field> children = List.of();
    if (column.shape().isEmpty()) {
      type = element(column.type());
    } else if (isBytes(column)) {
      type = new ArrowType.FixedSizeBinary(column.width());
    } else {
      type = new ArrowType.FixedSizeList(column.width());
      children =
          List.of(new Field("item", FieldType.notNullable(element(column.type())), List.of()));
    }
    return new Field(column.name(), new FieldType(false, type, null, metadata), children);
  }

  private static ArrowType element(ElementType type) {
    return switch (type) {
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case INT32 -> new ArrowType.Int(32, true);
      case INT64 -> new ArrowType.Int(64, true);
      case UINT8, BOOL -> new ArrowType.Int(8, false);
    };
  }

  private static ColumnSpec column(Field field) {
    String type = field.getMetadata().get(TYPE);
    String shape = field.getMetadata().get(SHAPE);
    if (type == null || shape == null) {
      throw new IllegalArgumentException(
          "a shard's field must carry %s and %s, but was: %s".formatted(TYPE, SHAPE, field));
    }
    List<Integer> dimensions = new ArrayList<>();
    for (String dimension : shape.isEmpty() ? new String[0] : shape.split(",")) {
      dimensions.add(Integer.valueOf(dimension));
    }
    return new ColumnSpec(field.getName(), ElementType.valueOf(type), dimensions);
  }
}
