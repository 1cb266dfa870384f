package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Looks rows up in tables and remembers what was looked up: gradients are taken in the rows. */
final class Lookups implements LayerGraph.Tables {
  private final Map<String, Operation> handles;
  private final Map<String, Operand<TFloat32>> reads;
  private final Set<String> byRow;
  private final Map<String, List<Lookup>> lookups = new HashMap<>();

  /**
   * One of them.
   *
   * @param ids {@code [..]}
   * @param rows {@code [.., dimension]}
   */
  record Lookup(Operand<TInt64> ids, Operand<TFloat32> rows) {}

  /**
   * None yet.
   *
   * @param handles of the variables, by name
   * @param reads of the weights, by name
   * @param byRow tables that are updated by row. TensorFlow does that in place if nothing reads all
   *     of the table, and copies all of it at a dense update once a row was gathered from its
   *     handle
   */
  Lookups(Map<String, Operation> handles, Map<String, Operand<TFloat32>> reads, Set<String> byRow) {
    this.handles = handles;
    this.reads = reads;
    this.byRow = byRow;
  }

  @Override
  public Operand<TFloat32> rows(Ops tf, String table, Operand<TInt64> ids) {
    Operand<TFloat32> rows =
        byRow.contains(table)
            ? tf.resourceGather(handles.get(table).output(0), ids, TFloat32.class)
            : tf.gather(reads.get(table), ids, tf.constant(0));
    lookups.computeIfAbsent(table, name -> new ArrayList<>()).add(new Lookup(ids, rows));
    return rows;
  }

  /** Those whose rows are no part of what is read of the table, so that gradients add up. */
  List<Lookup> apart(String table) {
    return isRead(table) && !byRow.contains(table) ? List.of() : of(table);
  }

  private List<Lookup> of(String table) {
    return lookups.getOrDefault(table, List.of());
  }

  /** Whether what was emitted so far takes a weight otherwise than by looking rows up. */
  boolean isRead(String weight) {
    int gathered = byRow.contains(weight) ? 0 : of(weight).size();
    return of(weight).isEmpty()
        || ((GraphOperation) reads.get(weight).op()).numConsumers(0) > gathered;
  }
}
