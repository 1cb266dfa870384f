package io.lepton.tf.model;

import com.google.protobuf.ByteString;
import io.lepton.arrow.FlatVector;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;

/** A SavedModel whose variables are constants of its graph. */
final class FrozenGraph {
  private static final long MAX_BYTES = Integer.MAX_VALUE - (64L << 20);

  private FrozenGraph() {}

  /**
   * The same with constants for the reads of variables, and nothing that its outputs do not need.
   *
   * @param values of all variables, by name
   * @throws IOException if a file of it would be too large for the format
   */
  static SavedModel of(SavedModel served, Map<String, FlatVector> values) throws IOException {
    long bytes = values.values().stream().mapToLong(FlatVector::size).sum() * Float.BYTES;
    if (bytes > MAX_BYTES) {
      throw new IOException(
          "a frozen model must stay below 2 GiB, but its weights have %d bytes; leave it out"
              .formatted(bytes));
    }
    MetaGraphDef meta = served.getMetaGraphs(0);
    Map<String, NodeDef> nodes = new HashMap<>();
    meta.getGraphDef().getNodeList().forEach(node -> nodes.put(node.getName(), node));
    Map<String, NodeDef> frozen = new HashMap<>();
    nodes.forEach((name, node) -> frozen.put(name, freeze(node, nodes, values)));
    Set<String> needed = needed(meta, frozen);
    GraphDef.Builder graph = GraphDef.newBuilder().setVersions(meta.getGraphDef().getVersions());
    meta.getGraphDef().getNodeList().stream()
        .filter(node -> needed.contains(node.getName()))
        .forEach(node -> graph.addNode(frozen.get(node.getName())));
    return served.toBuilder()
        .setMetaGraphs(0, meta.toBuilder().setGraphDef(graph).clearSaverDef().clearCollectionDef())
        .build();
  }

  private static NodeDef freeze(
      NodeDef node, Map<String, NodeDef> nodes, Map<String, FlatVector> values) {
    if (!node.getOp().equals("ReadVariableOp")) {
      return node;
    }
    NodeDef variable = nodes.get(node(node.getInput(0)));
    FlatVector value = values.get(variable.getName());
    ByteString bytes = ByteString.EMPTY;
    for (FlatVector part : value.parts(FlatVector.largestView())) {
      bytes = bytes.concat(ByteString.copyFrom(part.bytes()));
    }
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(variable.getAttrOrThrow("shape").getShape())
            .setTensorContent(bytes)
            .build();
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Const")
        .putAttr("dtype", node.getAttrOrThrow("dtype"))
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
        .build();
  }

  /** Nodes that outputs depend on, and the inputs, used or not. */
  private static Set<String> needed(MetaGraphDef meta, Map<String, NodeDef> nodes) {
    Deque<String> open = new ArrayDeque<>();
    for (SignatureDef signature : meta.getSignatureDefMap().values()) {
      signature.getInputsMap().values().forEach(info -> open.add(node(info.getName())));
      signature.getOutputsMap().values().forEach(info -> open.add(node(info.getName())));
    }
    Set<String> needed = new HashSet<>();
    while (!open.isEmpty()) {
      String name = open.pop();
      if (needed.add(name)) {
        nodes.get(name).getInputList().forEach(input -> open.add(node(input)));
      }
    }
    return needed;
  }

  private static String node(String tensor) {
    return tensor.replaceAll("^\\^|:\\d+$", "");
  }
}
