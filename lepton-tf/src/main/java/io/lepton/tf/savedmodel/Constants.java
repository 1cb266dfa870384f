package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Values that a SavedModel's variables keep. */
final class Constants {
  private Constants() {}

  /** A constant in the place of a node. */
  static NodeDef node(String name, TensorProto value) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", Attributes.type(value.getDtype()))
        .putAttr("value", Attributes.tensor(value))
        .build();
  }

  /**
   * Emits operations that give variables their values.
   *
   * @param values serialized, by node
   * @param handles of the variables, by node
   */
  static List<Operation> assign(
      Graph graph, Ops tf, Map<String, byte[]> values, Map<String, Operation> handles) {
    List<Operation> assigns = new ArrayList<>();
    new TreeMap<>(values)
        .forEach(
            (node, bytes) -> {
              TensorProto value = parse(bytes);
              String name = tf.scope().makeOpName("constant");
              Operation constant =
                  NodePlacement.place(graph, name, node(name, value), tensor -> null);
              assigns.add(
                  graph
                      .opBuilder("AssignVariableOp", name + "/assign", graph.baseScope())
                      .setAttr("dtype", value.getDtype())
                      .addInput(handles.get(node).output(0))
                      .addInput(constant.output(0))
                      .build());
            });
    return assigns;
  }

  private static TensorProto parse(byte[] bytes) {
    try {
      return TensorProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a constant is a TensorProto", e);
    }
  }
}
