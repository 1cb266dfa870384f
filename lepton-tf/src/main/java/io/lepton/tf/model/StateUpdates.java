package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What the layers of a training step want their state variables to become. */
final class StateUpdates {
  private final Predicate<String> frozen;
  private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();

  /**
   * None so far.
   *
   * @param frozen whether a variable, by its name, stays as it is
   */
  StateUpdates(Predicate<String> frozen) {
    this.frozen = frozen;
  }

  boolean freezes(String variable) {
    return frozen.test(variable);
  }

  void put(String variable, Operand<TFloat32> value) {
    if (!freezes(variable)) {
      values.put(variable, value);
    }
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
