package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The columns of a chunk, each a variable that holds the memory it was loaded from, and the rows of
 * a batch gathered from them.
 */
final class Columns {
  /** The name of the column of example weights. */
  static final String WEIGHT = "weight";

  private final List<ColumnSpec> specs;
  private final List<String> feeds = new ArrayList<>();
  private final List<Operation> assigns = new ArrayList<>();
  private final List<Operation> batches = new ArrayList<>();

  private Columns(List<ColumnSpec> specs) {
    this.specs = specs;
  }

  /** What a chunk for a model consists of. */
  static List<ColumnSpec> of(ModelSpec spec) {
    List<ColumnSpec> columns = new ArrayList<>(spec.inputs());
    columns.add(spec.label());
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
    return columns;
  }

  private void emit(Ops tf, NamedOps ops, int column, Operand<TInt32> indices) {
    DataType type = dataType(specs.get(column));
    long[] shape = specs.get(column).tensorShape(-1);
    Operation variable = ops.variable("chunk/" + column, type, shape);
    feeds.add(NamedOps.feed(variable.name()) + ":0");
    assigns.add(ops.assignFeed(variable, type, shape));
    batches.add(gather(tf, ops.read(variable, type).output(0), type, indices));
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

  /** The operations that make a chunk the loaded one. */
  List<Operation> assigns() {
    return assigns;
  }

  /** The operation that gives a column's rows of the batch. */
  Operation batch(int column) {
    return batches.get(column);
  }
}
