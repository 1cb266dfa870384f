package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A graph without functions, loops and variables.
 *
 * @param graphDef a serialized {@code GraphDef}, each node after what it takes
 * @param inputs placeholders of inputs, by name
 * @param variables placeholders of variables, by name
 * @param outputs tensors, by name
 * @param logits what goes into the softmax or the sigmoid that an output ends in, by the output's
 *     name
 */
@SuppressWarnings("ArrayRecordComponent")
public record FlatGraph(
    byte[] graphDef,
    Map<String, String> inputs,
    Map<String, String> variables,
    Map<String, String> outputs,
    Map<String, String> logits)
    implements Serializable {
  public FlatGraph {
    inputs = Map.copyOf(inputs);
    variables = Map.copyOf(variables);
    outputs = Map.copyOf(outputs);
    logits = Map.copyOf(logits);
  }

  /**
   * Emits the graph among other operations.
   *
   * @param given what takes the place of each input, of its type
   * @param values of all variables, by name
   * @return outputs by name
   */
  public Map<String, Operand<?>> emit(
      Ops tf,
      Map<String, ? extends Operand<?>> given,
      Map<String, ? extends Operand<?>> values,
      boolean beforeActivation) {
    Map<String, Output<?>> replaced = new HashMap<>();
    inputs.forEach((name, node) -> replaced.put(node, given.get(name).asOutput()));
    variables.forEach((name, node) -> replaced.put(node, values.get(name).asOutput()));
    String prefix = tf.scope().makeOpName("graph") + "/";
    Map<String, Operation> placed = new HashMap<>();
    for (NodeDef node : parse().getNodeList()) {
      if (!replaced.containsKey(node.getName())) {
        placed.put(
            node.getName(),
            NodePlacement.place(
                tf.scope().env(),
                prefix + node.getName(),
                node,
                tensor -> find(tensor, replaced, placed)));
      }
    }
    Map<String, Operand<?>> all = new LinkedHashMap<>();
    outputs.forEach(
        (name, tensor) -> {
          String wanted = beforeActivation ? logits.getOrDefault(name, tensor) : tensor;
          all.put(name, find(Value.Tensor.parse(wanted), replaced, placed));
        });
    return all;
  }

  private static Output<?> find(
      Value.Tensor tensor, Map<String, Output<?>> replaced, Map<String, Operation> placed) {
    Output<?> other = replaced.get(tensor.node());
    return other == null ? placed.get(tensor.node()).output(tensor.index()) : other;
  }

  private GraphDef parse() {
    try {
      return GraphDef.parseFrom(graphDef);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a flat graph is a GraphDef", e);
    }
  }
}
