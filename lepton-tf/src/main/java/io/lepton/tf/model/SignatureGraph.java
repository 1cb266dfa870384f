package io.lepton.tf.model;

import io.lepton.tf.savedmodel.ImportedGradients;
import io.lepton.tf.savedmodel.ImportedModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TType;

/**
 * Emits the call of a signature that gives loss and gradients.
 *
 * @param part the imported layer
 * @param handles of the program's variables, by name
 */
record SignatureGraph(
    Graph graph,
    Ops tf,
    ModelSpec spec,
    Network.Part part,
    ImportedGradients signature,
    Map<String, Operation> handles) {

  /**
   * What was emitted.
   *
   * @param sums of the batch
   * @param gradients by the variable's name, means over the batch
   * @param constants operations that give variables which are not trained their values
   */
  record Emitted(BatchSums sums, Map<String, Gradient> gradients, List<Operation> constants) {}

  /** Emits it for a batch, with inputs as they are prepared and labels as they are stored. */
  Emitted emit(BatchInputs inputs, Columns columns, Operand<TFloat64> count) {
    Map<String, Operand<?>> given = new HashMap<>();
    for (ImportedModel.Input input : signature.inputs()) {
      Operand<? extends TType> value =
          inputs.values().containsKey(input.name())
              ? inputs.values().get(input.name())
              : columns.batch(SignatureRules.label(spec, signature, input).name());
      given.put(input.name(), ImportedGraph.cast(tf, input.type(), value));
    }
    Map<String, Operation> variables = new HashMap<>();
    signature
        .variables()
        .forEach(it -> variables.put(it.name(), handles.get(part.name() + "/" + it.name())));
    ImportedGradients.Emitted emitted = signature.emit(graph, tf, given, variables);
    Map<String, Gradient> gradients = new LinkedHashMap<>();
    for (int i = 0; i < signature.variables().size(); i++) {
      Operand<?> gradient = emitted.gradients().get(i);
      gradients.put(
          part.name() + "/" + signature.variables().get(i).name(),
          Gradient.whole(gradient.op().output(gradient.asOutput().index())));
    }
    Operand<TFloat64> mean = InputGraph.cast(tf, emitted.loss().asOutput(), TFloat64.class);
    return new Emitted(
        new BatchSums(tf.math.mul(mean, count), count, List.of(), List.of()),
        gradients,
        emitted.constants());
  }
}
