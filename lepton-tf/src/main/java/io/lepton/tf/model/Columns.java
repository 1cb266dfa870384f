package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * The columns of a chunk, each a variable that holds the memory it was loaded from, and the rows of
 * a batch gathered from them. Beside them, the number of the chunk's first example.
 */
final class Columns {
  /** The name of the column of example weights. */
  static final String WEIGHT = "weight";

  private static final String FIRST_EXAMPLE = "chunk/first_example";

  private final List<ColumnSpec> specs;
  private final List<String> feeds = new ArrayList<>();
  private final List<Operation> assigns = new ArrayList<>();
  private final Map<String, Operation> batches = new LinkedHashMap<>();
  private Operation exampleIds;

  private Columns(List<ColumnSpec> specs) {
    this.specs = specs;
  }

  /** What a chunk for a model consists of. */
  static List<ColumnSpec> of(ModelSpec spec) {
    List<ColumnSpec> columns = new ArrayList<>();
    spec.inputs().forEach(input -> columns.add(input.column()));
    spec.targets().stream().filter(spec::hasColumn).forEach(target -> columns.add(target.label()));
    if (spec.weighted()) {
      columns.add(new ColumnSpec(WEIGHT, ElementType.FLOAT32, List.of()));
    }
    return columns;
  }

  static Columns emit(Ops tf, NamedOps ops, List<ColumnSpec> specs, Operand<TInt32> indices) {
    Columns columns = new Columns(specs);
    for (int i = 0; i < specs.size(); i++) {
      columns.emit(tf, ops, i, indices);
    }
    columns.emitExampleIds(tf, ops, indices);
    return columns;
  }

  private void emit(Ops tf, NamedOps ops, int column, Operand<TInt32> indices) {
    DataType type = dataType(specs.get(column));
    long[] shape = specs.get(column).tensorShape(-1);
    Operation variable = ops.variable("chunk/" + column, type, shape);
    feeds.add(NamedOps.feed(variable.name()) + ":0");
    assigns.add(ops.assignFeed(variable, type, shape));
    batches.put(
        specs.get(column).name(), gather(tf, ops.read(variable, type).output(0), type, indices));
  }

  private void emitExampleIds(Ops tf, NamedOps ops, Operand<TInt32> indices) {
    Operation variable = ops.variable(FIRST_EXAMPLE, DataType.DT_INT64);
    assigns.add(ops.assignFeed(variable, DataType.DT_INT64));
    Operand<TInt64> first = ops.read(variable, DataType.DT_INT64).output(0);
    Operand<TInt64> rows = tf.dtypes.cast(indices, TInt64.class);
    exampleIds = ops.identity("example_ids", tf.math.add(first, rows), List.of());
  }

  // Floats as bits, or mixed precision casts the whole chunk before it is gathered from. Not by
  // ResourceGather, which switches the variable to copy-on-read and so ends the loan of its memory.
  private static Operation gather(
      Ops tf, Operand<TType> chunk, DataType type, Operand<TInt32> indices) {
    if (type != DataType.DT_FLOAT) {
      return tf.gather(chunk, indices, tf.constant(0)).op();
    }
    Operand<TType> bits = bitcast(tf, chunk, DataType.DT_UINT32).output(0);
    return bitcast(tf, tf.gather(bits, indices, tf.constant(0)), DataType.DT_FLOAT);
  }

  private static Operation bitcast(Ops tf, Operand<TType> value, DataType type) {
    return tf.scope()
        .opBuilder("Bitcast", "Bitcast")
        .addInput(value.asOutput())
        .setAttr("type", type)
        .build();
  }

  /** The type of a column in TensorFlow's words. */
  static DataType dataType(ColumnSpec column) {
    return DataType.forNumber(column.type().dataType());
  }

  List<ColumnSpec> specs() {
    return specs;
  }

  List<String> feeds() {
    return feeds;
  }

  /** The placeholder of the number of the first example. */
  static String firstExampleFeed() {
    return NamedOps.feed(FIRST_EXAMPLE) + ":0";
  }

  /** The operations that make a chunk the loaded one. */
  List<Operation> assigns() {
    return assigns;
  }

  /** Number of each example of the batch in its data set: int64 {@code [batch]}. */
  Operand<TInt64> exampleIds() {
    return exampleIds.output(0);
  }

  /** A column's rows of the batch. */
  Operand<TType> batch(String column) {
    return batches.get(column).output(0);
  }
}
