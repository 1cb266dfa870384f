package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A graph without functions, loops and variables.
 *
 * @param graphDef a serialized {@code GraphDef}, each node after what it takes
 * @param inputs placeholders of inputs, by name
 * @param variables placeholders of variables, by name
 * @param seeds placeholders of seeds, integers {@code [2]}, with their types
 * @param outputs tensors, by name
 * @param logits what goes into the softmax or the sigmoid that an output ends in, by the output's
 *     name
 * @param effects tensors that variables become, by the variable's name
 */
@SuppressWarnings("ArrayRecordComponent")
public record FlatGraph(
    byte[] graphDef,
    Map<String, String> inputs,
    Map<String, String> variables,
    Map<String, DataType> seeds,
    Map<String, String> outputs,
    Map<String, String> logits,
    Map<String, String> effects)
    implements Serializable {
  public FlatGraph {
    inputs = Map.copyOf(inputs);
    variables = Map.copyOf(variables);
    seeds = new TreeMap<>(seeds);
    outputs = Map.copyOf(outputs);
    logits = Map.copyOf(logits);
    effects = new TreeMap<>(effects);
  }

  /** What was emitted, as the graph names it. */
  public record Emitted(
      Map<String, Operand<?>> outputs,
      Map<String, Operand<?>> logits,
      Map<String, Operand<?>> effects) {}

  /**
   * Emits the graph among other operations.
   *
   * @param given what takes the place of each input, of its type
   * @param values of all variables, by name
   * @param seedValues what takes the place of each seed, of its type, by its placeholder
   */
  public Emitted emit(
      Ops tf,
      Map<String, ? extends Operand<?>> given,
      Map<String, ? extends Operand<?>> values,
      Map<String, ? extends Operand<?>> seedValues) {
    Map<String, Output<?>> replaced = new HashMap<>();
    inputs.forEach((name, node) -> replaced.put(node, given.get(name).asOutput()));
    variables.forEach((name, node) -> replaced.put(node, values.get(name).asOutput()));
    seedValues.forEach((node, value) -> replaced.put(node, value.asOutput()));
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
    return new Emitted(
        find(outputs, replaced, placed),
        find(logits, replaced, placed),
        find(effects, replaced, placed));
  }

  private static Map<String, Operand<?>> find(
      Map<String, String> tensors, Map<String, Output<?>> replaced, Map<String, Operation> placed) {
    Map<String, Operand<?>> found = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> found.put(name, find(Value.Tensor.parse(tensor), replaced, placed)));
    return found;
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
