package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** A place where names mean something: the outer graph, or a function for one of its calls. */
final class Frame {
  private final String prefix;
  private final Optional<FunctionDef> function;
  private final Map<String, AttrValue> attributes;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, List<Value>> arguments = new HashMap<>();
  private final Map<String, Made> made = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /**
   * What a node became.
   *
   * @param outputs all of them
   * @param ranges where each named output is among them
   * @param body of a call
   */
  record Made(List<Value> outputs, Map<String, OpDefinitions.Range> ranges, Optional<Frame> body) {}

  private Frame(
      String prefix,
      Optional<FunctionDef> function,
      Map<String, AttrValue> attributes,
      List<NodeDef> nodes) {
    this.prefix = prefix;
    this.function = function;
    this.attributes = attributes;
    nodes.forEach(node -> this.nodes.put(node.getName(), node));
  }

  static Frame outer(List<NodeDef> nodes) {
    return new Frame("", Optional.empty(), Map.of(), nodes);
  }

  /**
   * A call.
   *
   * @param prefix of the names of its nodes
   * @param attributes of the call, which the function's body refers to
   */
  static Frame call(
      String prefix, FunctionDef function, List<Value> inputs, Map<String, AttrValue> attributes) {
    Frame frame = new Frame(prefix, Optional.of(function), attributes, function.getNodeDefList());
    int next = 0;
    for (OpDef.ArgDef argument : function.getSignature().getInputArgList()) {
      int length = OpDefinitions.length(argument, attributes);
      frame.arguments.put(argument.getName(), new ArrayList<>(inputs.subList(next, next + length)));
      next += length;
    }
    return frame;
  }

  FunctionDef function() {
    return function.orElseThrow();
  }

  /** The name of a node in the flat graph. */
  String flatName(NodeDef node) {
    return prefix + node.getName();
  }

  boolean isArgument(String name) {
    return arguments.containsKey(name);
  }

  List<Value> argument(String name) {
    return arguments.get(name);
  }

  Optional<NodeDef> find(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  Made made(String name) {
    return made.get(name);
  }

  /** Begins a node; ends with {@link #finish}. */
  void begin(String name) {
    if (!open.add(name)) {
      throw new ImportException(
          "a graph must have no cycles, but had one at %s; export it by TensorFlow 2"
              .formatted(prefix + name));
    }
  }

  Made finish(String name, Made result) {
    open.remove(name);
    made.put(name, result);
    return result;
  }

  /** The node with the values of this call where its attributes name them. */
  NodeDef bind(NodeDef node) {
    NodeDef.Builder bound = node.toBuilder();
    node.getAttrMap()
        .forEach(
            (name, value) -> {
              if (value.getValueCase() == AttrValue.ValueCase.PLACEHOLDER) {
                bound.putAttr(name, attributes.get(value.getPlaceholder()));
              }
            });
    return bound.build();
  }
}
