package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * The rows of a batch, gathered from the chunks that are loaded: those of the first slot come
 * first.
 */
final class Columns {
  /** The name of the column of example weights. */
  static final String WEIGHT = "weight";

  private final Ops tf;
  private final List<ColumnSpec> specs;
  private final List<ChunkSlot> slots;
  private final Optional<Operand<TInt32>> counts;
  private final List<Operand<TInt32>> rows;
  private final Map<String, Operation> batches = new LinkedHashMap<>();
  private final Operation exampleIds;

  private Columns(
      Ops tf, NamedOps ops, List<ColumnSpec> specs, Operand<TInt32> indices, int slots) {
    this.tf = tf;
    this.specs = specs;
    this.slots =
        IntStream.range(0, slots).mapToObj(slot -> ChunkSlot.emit(ops, slot, specs)).toList();
    this.counts =
        slots == 1
            ? Optional.empty()
            : Optional.of(ops.placeholder("counts", DataType.DT_INT32, slots).output(0));
    this.rows = counts.map(each -> split(indices, each)).orElse(List.of(indices));
    for (int column = 0; column < specs.size(); column++) {
      batches.put(specs.get(column).name(), gather(column));
    }
    this.exampleIds = ops.identity("example_ids", number(), List.of());
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

  /**
   * Emits them.
   *
   * @param indices rows of the batch, those of one slot after those of another
   * @param slots how many chunks are loaded at a time
   */
  static Columns emit(
      Ops tf, NamedOps ops, List<ColumnSpec> specs, Operand<TInt32> indices, int slots) {
    return new Columns(tf, ops, specs, indices, slots);
  }

  /** The type of a column in TensorFlow's words. */
  static DataType dataType(ColumnSpec column) {
    return DataType.forNumber(column.type().dataType());
  }

  List<ColumnSpec> specs() {
    return specs;
  }

  /** The ports to load chunks by. */
  List<TrainingProgram.Slot> slots() {
    return slots.stream().map(ChunkSlot::ports).toList();
  }

  /** The placeholder of the number of rows of each slot; null of one slot. */
  String counts() {
    return counts.map(each -> each.op().name() + ":0").orElse(null);
  }

  /** Number of each example of the batch in its data set: int64 {@code [batch]}. */
  Operand<TInt64> exampleIds() {
    return exampleIds.output(0);
  }

  /** A column's rows of the batch. */
  Operand<TType> batch(String column) {
    return batches.get(column).output(0);
  }

  private List<Operand<TInt32>> split(Operand<TInt32> indices, Operand<TInt32> each) {
    return List.copyOf(tf.splitV(indices, each, tf.constant(0), (long) slots.size()).output());
  }

  // Floats as bits, or mixed precision casts the whole chunk before it is gathered from. Not by
  // ResourceGather, which switches the variable to copy-on-read and so ends the loan of its memory.
  private Operation gather(int column) {
    boolean floats = specs.get(column).type() == ElementType.FLOAT32;
    List<Operand<TType>> parts = new ArrayList<>();
    for (int slot = 0; slot < slots.size(); slot++) {
      Operand<TType> chunk = slots.get(slot).columns().get(column);
      Operand<TType> stored = floats ? bitcast(chunk, DataType.DT_UINT32).output(0) : chunk;
      parts.add(tf.gather(stored, rows.get(slot), tf.constant(0)));
    }
    Operand<TType> batch = join(parts);
    return floats ? bitcast(batch, DataType.DT_FLOAT) : batch.op();
  }

  private Operand<TInt64> number() {
    List<Operand<TInt64>> parts = new ArrayList<>();
    for (int slot = 0; slot < slots.size(); slot++) {
      Operand<TInt64> positions = tf.dtypes.cast(rows.get(slot), TInt64.class);
      parts.add(tf.math.add(slots.get(slot).firstExample(), positions));
    }
    return join(parts);
  }

  private <T extends TType> Operand<T> join(List<Operand<T>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }

  private Operation bitcast(Operand<TType> value, DataType type) {
    return tf.scope()
        .opBuilder("Bitcast", "Bitcast")
        .addInput(value.asOutput())
        .setAttr("type", type)
        .build();
  }
}
