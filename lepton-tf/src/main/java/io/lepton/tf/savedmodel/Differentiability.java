package io.lepton.tf.savedmodel;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Which variables TensorFlow's C++ library can differentiate a flat graph in. */
final class Differentiability {
  /** Registered there as having no gradient. */
  private static final Set<String> STOPS =
      Set.of(
          "StopGradient",
          "Shape",
          "ShapeN",
          "Rank",
          "Size",
          "ZerosLike",
          "OneHot",
          "Less",
          "LessEqual",
          "Greater",
          "GreaterEqual",
          "Equal",
          "NotEqual",
          "ApproximateEqual",
          "LogicalAnd",
          "LogicalOr",
          "LogicalNot",
          "Floor",
          "ConcatOffset",
          "InvertPermutation",
          "BroadcastGradientArgs");

  private Differentiability() {}

  /**
   * Checks a graph.
   *
   * @param roots nodes that a loss may see
   * @param variables nodes that would be trained
   * @return those that a gradient reaches
   * @throws ImportException if an operation between them has no gradient; it names all
   */
  static Set<String> reached(
      GraphDef graph, Collection<String> roots, Collection<String> variables) {
    Set<String> depending = new HashSet<>(variables);
    for (NodeDef node : graph.getNodeList()) {
      if (!STOPS.contains(node.getOp()) && inputs(node).stream().anyMatch(depending::contains)) {
        depending.add(node.getName());
      }
    }
    Set<String> wanted = new HashSet<>(roots);
    Set<String> missing = new TreeSet<>();
    List<NodeDef> nodes = graph.getNodeList();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeDef node = nodes.get(i);
      if (wanted.contains(node.getName()) && depending.contains(node.getName())) {
        wanted.addAll(inputs(node));
        if (!variables.contains(node.getName()) && !tensorflow.TFJ_HasGradient(node.getOp())) {
          missing.add("%s of %s".formatted(node.getOp(), layer(node.getName())));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new ImportException(
          "every operation between a trained variable and the output must have a gradient, but these have none outside Python: %s; export a signature that returns loss and gradients, freeze what lies before them (trainable = False), or build the model without them"
              .formatted(String.join(", ", missing)));
    }
    wanted.retainAll(variables);
    return wanted;
  }

  private static List<String> inputs(NodeDef node) {
    return node.getInputList().stream().map(in -> Value.Tensor.parse(in).node()).toList();
  }

  /** The model's own name of where a node is, without the calls around it. */
  private static String layer(String node) {
    List<String> parts =
        Stream.of(node.split("/", -1)).filter(part -> !part.contains("PartitionedCall")).toList();
    return parts.size() < 2
        ? node
        : "'" + String.join("/", parts.subList(0, parts.size() - 1)) + "'";
  }
}
