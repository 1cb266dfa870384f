package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What the layers of a training step want their state variables to become. */
final class StateUpdates {
  private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();

  void put(String variable, Operand<TFloat32> value) {
    values.put(variable, value);
  }

  /**
   * Emits the assignments.
   *
   * @param handles of the program's variables
   */
  List<Operation> emit(Ops tf, Map<String, Operation> handles) {
    List<Operation> assigns = new ArrayList<>();
    values.forEach(
        (variable, value) ->
            assigns.add(tf.assignVariableOp(handles.get(variable).output(0), value).op()));
    return assigns;
  }
}
