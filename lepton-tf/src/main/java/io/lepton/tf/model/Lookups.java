package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Looks rows up in tables without reading all of them, and remembers what was looked up: gradients
 * are taken in the rows.
 *
 * @param handles of the variables, by name
 */
record Lookups(Map<String, Operation> handles, Map<String, List<Lookup>> byTable)
    implements LayerGraph.Tables {
  /**
   * One of them.
   *
   * @param ids {@code [..]}
   * @param rows {@code [.., dimension]}
   */
  record Lookup(Operand<TInt64> ids, Operand<TFloat32> rows) {}

  Lookups(Map<String, Operation> handles) {
    this(handles, new LinkedHashMap<>());
  }

  @Override
  public Operand<TFloat32> rows(Ops tf, String table, Operand<TInt64> ids) {
    Operand<TFloat32> rows = tf.resourceGather(handles.get(table).output(0), ids, TFloat32.class);
    byTable.computeIfAbsent(table, name -> new ArrayList<>()).add(new Lookup(ids, rows));
    return rows;
  }

  List<Lookup> of(String table) {
    return byTable.getOrDefault(table, List.of());
  }
}
