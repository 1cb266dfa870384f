package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A signature that gives the loss of a batch and a gradient for each variable. Its functions are
 * called as they are.
 *
 * @param graphDef a serialized {@code GraphDef} with the functions
 * @param inputs in the order of their names: features and labels alike
 * @param variables that are trained, in the order of their gradients
 * @param constants values of what else is read, by the node of the variable
 * @param placeholders nodes of the inputs, by name
 * @param handles nodes of the variables that are trained; several may be of one
 * @param loss tensor
 * @param gradients tensors, one for each variable
 * @param notes what was decided, a sentence each, to be logged
 */
@SuppressWarnings("ArrayRecordComponent")
public record ImportedGradients(
    byte[] graphDef,
    List<ImportedModel.Input> inputs,
    List<ImportedVariable> variables,
    Map<String, byte[]> constants,
    Map<String, String> placeholders,
    Map<String, String> handles,
    String loss,
    List<String> gradients,
    List<String> notes)
    implements Serializable {
  public ImportedGradients {
    inputs = List.copyOf(inputs);
    variables = List.copyOf(variables);
    constants = Map.copyOf(constants);
    placeholders = Map.copyOf(placeholders);
    handles = Map.copyOf(handles);
    gradients = List.copyOf(gradients);
    notes = List.copyOf(notes);
  }

  /**
   * What was emitted.
   *
   * @param gradients of each variable, in order
   * @param constants operations that give variables which are not trained their values
   */
  public record Emitted(
      Operand<?> loss, List<? extends Operand<?>> gradients, List<Operation> constants) {}

  /**
   * Emits the call.
   *
   * @param given what takes the place of each input, of its type, by name
   * @param variables handles of the variables that are trained, by name
   */
  public Emitted emit(
      Graph graph,
      Ops tf,
      Map<String, ? extends Operand<?>> given,
      Map<String, Operation> variables) {
    GraphDef parsed = parse();
    graph.importGraphDef(parsed.toBuilder().clearNode().build());
    String prefix = tf.scope().makeOpName("call") + "/";
    Map<String, Output<?>> replaced = new HashMap<>();
    placeholders.forEach((name, node) -> replaced.put(node, given.get(name).asOutput()));
    handles.forEach((node, name) -> replaced.put(node, variables.get(name).output(0)));
    Map<String, Operation> placed = new HashMap<>();
    for (NodeDef node : parsed.getNodeList()) {
      if (!replaced.containsKey(node.getName())) {
        placed.put(
            node.getName(),
            NodePlacement.place(
                graph,
                prefix + node.getName(),
                node,
                tensor ->
                    replaced.containsKey(tensor.node())
                        ? replaced.get(tensor.node())
                        : placed.get(tensor.node()).output(tensor.index())));
      }
    }
    return new Emitted(
        output(placed, loss),
        gradients.stream().map(tensor -> output(placed, tensor)).toList(),
        Constants.assign(graph, tf, constants, placed));
  }

  private static Output<?> output(Map<String, Operation> placed, String tensor) {
    Value.Tensor parsed = Value.Tensor.parse(tensor);
    return placed.get(parsed.node()).output(parsed.index());
  }

  private GraphDef parse() {
    try {
      return GraphDef.parseFrom(graphDef);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a graph of gradients is a GraphDef", e);
    }
  }
}
