package io.lepton.tf.savedmodel;

import java.util.Map;
import java.util.function.Function;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Puts the nodes of a flat graph into another that is under construction. */
final class NodePlacement {
  private NodePlacement() {}

  /**
   * Adds a node without its control edges.
   *
   * @param name that it gets
   * @param inputs what the node's data inputs are over there
   */
  static Operation place(
      ExecutionEnvironment graph,
      String name,
      NodeDef node,
      Function<Value.Tensor, Output<?>> inputs) {
    OpDef definition = OpDefinitions.of(node.getOp());
    OperationBuilder builder = graph.opBuilder(node.getOp(), name, graph.baseScope());
    Map<String, AttrValue> attributes = OpDefinitions.withDefaults(definition, node.getAttrMap());
    int next = 0;
    for (OpDef.ArgDef argument : definition.getInputArgList()) {
      Output<?>[] tensors = new Output<?>[OpDefinitions.length(argument, attributes)];
      for (int i = 0; i < tensors.length; i++) {
        tensors[i] = inputs.apply(Value.Tensor.parse(node.getInput(next++)));
      }
      if (OpDefinitions.isList(argument)) {
        builder.addInputList(tensors);
      } else {
        builder.addInput(tensors[0]);
      }
    }
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      AttrValue value = node.getAttrMap().get(attribute.getName());
      if (value != null) {
        builder.setAttr(attribute.getName(), value);
      }
    }
    return builder.build();
  }
}
