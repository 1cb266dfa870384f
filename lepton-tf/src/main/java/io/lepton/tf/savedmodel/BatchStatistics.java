package io.lepton.tf.savedmodel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes batch normalization of a flat graph use the statistics of the batch, and moves its own:
 * {@code x·i + (beta − mean·i)} with {@code i = rsqrt(variance + epsilon)·gamma} over the last
 * dimension, as Keras 3 writes it, or the fused operation of Keras 2.
 */
final class BatchStatistics {
  private final FlatEndpoint endpoint;
  private final Set<String> statistics;
  private final float momentum;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, Set<String>> users = new HashMap<>();
  private final Map<String, Value.Tensor> moved = new TreeMap<>();

  private BatchStatistics(FlatEndpoint endpoint, Set<String> statistics, double momentum) {
    this.endpoint = endpoint;
    this.statistics = statistics;
    this.momentum = (float) momentum;
    for (NodeDef node : endpoint.graph().getNodeList()) {
      nodes.put(node.getName(), node);
      for (String input : node.getInputList()) {
        users.computeIfAbsent(nameOf(input), key -> new HashSet<>()).add(node.getName());
      }
    }
  }

  /**
   * Rewrites an endpoint.
   *
   * @param statistics variables that are not trained
   */
  static FlatEndpoint rewrite(FlatEndpoint endpoint, Set<String> statistics, double momentum) {
    return new BatchStatistics(endpoint, statistics, momentum).rewrite();
  }

  private FlatEndpoint rewrite() {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(endpoint.graph());
      for (NodeDef node : endpoint.graph().getNodeList()) {
        if (node.getOp().equals("FusedBatchNormV3")
            && statistics.contains(nameOf(node.getInput(4)))) {
          fused(node);
        } else if (node.getOp().equals("Rsqrt")) {
          plain(graph, node);
        }
      }
    }
    return new FlatEndpoint(
        endpoint.inputs(),
        sorted(),
        endpoint.outputs(),
        endpoint.logits(),
        endpoint.shapes(),
        moved,
        endpoint.variables(),
        endpoint.notes());
  }

  private void fused(NodeDef node) {
    String name = node.getName();
    String empty = add(name + "/none", constant(new float[0]));
    nodes.put(
        name,
        node.toBuilder()
            .setInput(3, empty)
            .setInput(4, empty)
            .putAttr("is_training", AttrValue.newBuilder().setB(true).build())
            .build());
    move(nameOf(node.getInput(3)), name + ":1");
    move(nameOf(node.getInput(4)), name + ":2");
  }

  private void plain(Graph graph, NodeDef rsqrt) {
    NodeDef sum = nodes.get(nameOf(rsqrt.getInput(0)));
    if (!sum.getOp().equals("AddV2")) {
      return;
    }
    Optional<String> variance = statistic(sum);
    String inverse = rsqrt.getName();
    Optional<String> scaled =
        users.getOrDefault(inverse, Set.of()).stream()
            .filter(user -> nodes.get(user).getOp().equals("Mul"))
            .filter(user -> isVariable(other(nodes.get(user), rsqrt.getName())))
            .filter(user -> statistic(nodes.get(user)).isEmpty())
            .findFirst();
    String factor = scaled.orElse(inverse);
    Optional<String> shift = Optional.empty();
    Optional<String> input = Optional.empty();
    for (String user : users.getOrDefault(factor, Set.of())) {
      if (nodes.get(user).getOp().equals("Mul")) {
        if (statistic(nodes.get(user)).isPresent()) {
          shift = Optional.of(user);
        } else {
          input = Optional.of(other(nodes.get(user), factor));
        }
      }
    }
    if (variance.isPresent() && shift.isPresent() && input.isPresent()) {
      String x = input.get();
      String mean = statistic(nodes.get(shift.get())).orElseThrow();
      int rank =
          graph.operation(nameOf(x)).output(Value.Tensor.parse(x).index()).shape().numDimensions();
      normalize(x, rank, sum.getName(), variance.get(), shift.get(), mean);
    }
  }

  private void normalize(
      String x, int rank, String sum, String variance, String shift, String mean) {
    String axes = add(sum + "/axes", axes(rank - 1));
    String ofBatch = add(sum + "/mean", reduction(x, axes));
    String held = add(sum + "/held", operation("StopGradient", List.of(ofBatch)));
    String squares = add(sum + "/squares", operation("SquaredDifference", List.of(x, held)));
    String spread = add(sum + "/variance", reduction(squares, axes));
    replace(sum, variance, spread);
    replace(shift, mean, ofBatch);
    move(variance, spread);
    move(mean, ofBatch);
  }

  private void move(String variable, String ofBatch) {
    String kept = add(variable + "/momentum", constant(momentum));
    String taken = add(variable + "/rest", constant(1 - momentum));
    String before = add(variable + "/kept", operation("Mul", List.of(variable + ":0", kept)));
    String now = add(variable + "/taken", operation("Mul", List.of(ofBatch, taken)));
    moved.put(
        variable,
        Value.Tensor.parse(add(variable + "/moved", operation("AddV2", List.of(before, now)))));
  }

  private void replace(String node, String variable, String by) {
    NodeDef.Builder changed = nodes.get(node).toBuilder();
    for (int i = 0; i < changed.getInputCount(); i++) {
      if (nameOf(changed.getInput(i)).equals(variable)) {
        changed.setInput(i, by);
      }
    }
    nodes.put(node, changed.build());
  }

  private Optional<String> statistic(NodeDef node) {
    return node.getInputList().stream()
        .map(BatchStatistics::nameOf)
        .filter(statistics::contains)
        .findFirst();
  }

  private boolean isVariable(String tensor) {
    return endpoint.variables().contains(nameOf(tensor));
  }

  private static String other(NodeDef product, String factor) {
    return nameOf(product.getInput(0)).equals(factor) ? product.getInput(1) : product.getInput(0);
  }

  private static String nameOf(String tensor) {
    return Value.Tensor.parse(tensor).node();
  }

  // ---- nodes

  private String add(String name, NodeDef.Builder node) {
    nodes.put(name, node.setName(name).build());
    return name + ":0";
  }

  private static NodeDef.Builder operation(String op, List<String> inputs) {
    return NodeDef.newBuilder()
        .setOp(op)
        .addAllInput(inputs)
        .putAttr("T", Attributes.type(DataType.DT_FLOAT));
  }

  private static NodeDef.Builder reduction(String values, String axes) {
    return operation("Mean", List.of(values, axes))
        .putAttr("Tidx", Attributes.type(DataType.DT_INT32));
  }

  private static NodeDef.Builder constant(float value) {
    return constant(
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value));
  }

  private static NodeDef.Builder constant(float[] none) {
    return constant(
        TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(vector(none.length)));
  }

  private static NodeDef.Builder axes(int count) {
    TensorProto.Builder axes =
        TensorProto.newBuilder().setDtype(DataType.DT_INT32).setTensorShape(vector(count));
    IntStream.range(0, count).forEach(axes::addIntVal);
    return constant(axes);
  }

  private static NodeDef.Builder constant(TensorProto.Builder value) {
    return NodeDef.newBuilder()
        .setOp("Const")
        .putAttr("dtype", Attributes.type(value.getDtype()))
        .putAttr("value", Attributes.tensor(value.build()));
  }

  private static TensorShapeProto vector(int size) {
    return TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dim.newBuilder().setSize(size))
        .build();
  }

  private GraphDef sorted() {
    Map<String, NodeDef> sorted = new LinkedHashMap<>();
    nodes.keySet().forEach(name -> visit(name, sorted));
    return GraphDef.newBuilder().addAllNode(sorted.values()).build();
  }

  private void visit(String name, Map<String, NodeDef> sorted) {
    if (!sorted.containsKey(name)) {
      nodes.get(name).getInputList().forEach(input -> visit(nameOf(input), sorted));
      sorted.put(name, nodes.get(name));
    }
  }
}
