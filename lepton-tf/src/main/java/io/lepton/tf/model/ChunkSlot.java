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
 * one for the number of the chunk's first example. Beside each is one that holds what is staged.
 *
 * @param columns examples of each column
 * @param firstExample scalar
 * @param ports to load it by
 */
record ChunkSlot(
    List<Operand<TType>> columns, Operand<TInt64> firstExample, TrainingProgram.Slot ports) {

  static ChunkSlot emit(NamedOps ops, int number, List<ColumnSpec> specs) {
    String suffix = number == 0 ? "" : "_" + number;
    List<Part> parts = new ArrayList<>();
    for (ColumnSpec spec : specs) {
      String name = suffix + "/" + parts.size();
      parts.add(Part.emit(ops, name, Columns.dataType(spec), spec.tensorShape(-1)));
    }
    Part first = Part.emit(ops, suffix + "/first_example", DataType.DT_INT64);
    List<String> feeds = parts.stream().map(Part::feed).toList();
    List<Operand<TType>> columns = new ArrayList<>();
    parts.forEach(part -> columns.add(part.read().output(0)));
    parts.add(first);
    String stage = "stage" + suffix;
    String load = "load" + suffix;
    ops.group(stage, parts.stream().map(Part::stage).toList());
    ops.group(load, parts.stream().map(Part::load).toList());
    return new ChunkSlot(
        columns,
        first.read().output(0),
        new TrainingProgram.Slot(feeds, first.feed(), stage, load));
  }

  /**
   * One tensor of a chunk.
   *
   * @param read what is loaded
   * @param feed to stage it by
   * @param stage keeps what is fed
   * @param load makes what is staged what is loaded, without a copy, and stages nothing
   */
  private record Part(Operation read, String feed, Operation stage, Operation load) {
    static Part emit(NamedOps ops, String name, DataType type, long... shape) {
      Operation staged = ops.variable("staged" + name, type, shape);
      Operation stage = ops.assignFeed(staged, type, shape);
      Operation loaded = ops.variable("chunk" + name, type, shape);
      Operation assign = ops.assign(loaded, type, ops.read(staged, type).output(0));
      return new Part(
          ops.read(loaded, type),
          NamedOps.feed(staged.name()) + ":0",
          stage,
          ops.drop(staged, assign));
    }
  }
}
