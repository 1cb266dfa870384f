package io.lepton.tf.savedmodel;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Nodes of a flat graph while it is made. TensorFlow is told each as it comes, so that shapes are
 * known at once.
 */
final class FlatNodes implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, Operation> operations = new HashMap<>();

  /** Adds a node, whose inputs are here. */
  Value.Tensor add(NodeDef node) {
    try {
      operations.put(
          node.getName(),
          NodePlacement.place(
              graph,
              node.getName(),
              node,
              tensor -> operations.get(tensor.node()).output(tensor.index())));
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ImportException(
          "inputs must fit the model, but at %s (%s) they do not: %s; give the shapes it was built for"
              .formatted(node.getName(), node.getOp(), e.getMessage()),
          e);
    }
    nodes.put(node.getName(), node);
    return new Value.Tensor(node.getName(), 0);
  }

  /** Adds a node whose only attributes are types. */
  Value.Tensor add(String name, String op, List<Value.Tensor> inputs, Map<String, DataType> types) {
    NodeDef.Builder node = NodeDef.newBuilder().setName(name).setOp(op);
    inputs.forEach(input -> node.addInput(input.toString()));
    types.forEach((key, type) -> node.putAttr(key, Attributes.type(type)));
    return add(node.build());
  }

  /** Adds an int32 scalar. */
  Value.Tensor constant(String name, int value) {
    return add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Const")
            .putAttr("dtype", Attributes.type(DataType.DT_INT32))
            .putAttr("value", Attributes.tensor(Attributes.scalar(value)))
            .build());
  }

  /** Adds a placeholder. */
  Value.Tensor placeholder(String name, DataType type, AttrValue shape) {
    return add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Placeholder")
            .putAttr("dtype", Attributes.type(type))
            .putAttr("shape", shape)
            .build());
  }

  boolean contains(String name) {
    return nodes.containsKey(name);
  }

  NodeDef node(String name) {
    return nodes.get(name);
  }

  DataType type(Value.Tensor tensor) {
    return operations.get(tensor.node()).output(tensor.index()).dataType();
  }

  /** The shape as far as it can be inferred, −1 for a dimension that is not known. */
  Optional<long[]> shape(Value.Tensor tensor) {
    Shape shape = operations.get(tensor.node()).output(tensor.index()).shape();
    return shape.isUnknown() ? Optional.empty() : Optional.of(shape.asArray());
  }

  /** Names of nodes and all that they need. */
  Set<String> ancestors(Collection<String> roots) {
    Set<String> needed = new HashSet<>();
    Deque<String> todo = new ArrayDeque<>(roots);
    while (!todo.isEmpty()) {
      String name = todo.pop();
      if (needed.add(name)) {
        nodes.get(name).getInputList().forEach(in -> todo.push(Value.Tensor.parse(in).node()));
      }
    }
    return needed;
  }

  /** The nodes that others need, each after what it takes. */
  GraphDef toGraphDef(Collection<String> roots) {
    Set<String> needed = ancestors(roots);
    GraphDef.Builder flat = GraphDef.newBuilder();
    nodes.values().stream().filter(node -> needed.contains(node.getName())).forEach(flat::addNode);
    return flat.build();
  }

  @Override
  public void close() {
    graph.close();
  }
}
