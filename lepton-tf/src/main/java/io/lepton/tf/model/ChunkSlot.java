package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * A place for one chunk: a variable for each column, which holds the memory it was loaded from, and
 * one for the number of the chunk's first example.
 *
 * @param columns examples of each column
 * @param firstExample scalar
 * @param ports to load it by
 */
record ChunkSlot(
    List<Operand<TType>> columns, Operand<TInt64> firstExample, TrainingProgram.Slot ports) {

  static ChunkSlot emit(NamedOps ops, int number, List<ColumnSpec> specs) {
    String suffix = number == 0 ? "" : "_" + number;
    String chunk = "chunk" + suffix;
    List<Operand<TType>> columns = new ArrayList<>();
    List<String> feeds = new ArrayList<>();
    List<Operation> assigns = new ArrayList<>();
    for (ColumnSpec spec : specs) {
      DataType type = Columns.dataType(spec);
      long[] shape = spec.tensorShape(-1);
      Operation variable = ops.variable(chunk + "/" + columns.size(), type, shape);
      feeds.add(feed(variable));
      assigns.add(ops.assignFeed(variable, type, shape));
      columns.add(ops.read(variable, type).output(0));
    }
    Operation first = ops.variable(chunk + "/first_example", DataType.DT_INT64);
    assigns.add(ops.assignFeed(first, DataType.DT_INT64));
    String load = "load" + suffix;
    ops.group(load, assigns);
    return new ChunkSlot(
        columns,
        ops.read(first, DataType.DT_INT64).output(0),
        new TrainingProgram.Slot(feeds, feed(first), load));
  }

  private static String feed(Operation variable) {
    return NamedOps.feed(variable.name()) + ":0";
  }
}
