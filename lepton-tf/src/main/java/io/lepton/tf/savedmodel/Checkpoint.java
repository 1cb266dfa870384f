package io.lepton.tf.savedmodel;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tensorflow.Graph;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TString;

/** The variables of a SavedModel: which there are, what they are called and what they hold. */
final class Checkpoint {
  private static final Pattern ESCAPE = Pattern.compile("\\.(S|\\.)");

  private final SavedModelFile file;
  private final Map<String, Value.Tensor> restored;
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Map<String, String> aliases;
  private final GraphDef reading;

  private Checkpoint(
      SavedModelFile file,
      Map<String, Value.Tensor> restored,
      Map<String, String> aliases,
      FlatNodes nodes) {
    this.file = file;
    this.restored = restored;
    this.aliases = aliases;
    restored.forEach((variable, value) -> keys.put(variable, key(nodes, value)));
    this.reading = nodes.toGraphDef(restored.values().stream().map(Value.Tensor::node).toList());
  }

  /** Follows what the SavedModel's own restore operation reads into which variable. */
  static Checkpoint of(SavedModelFile file) {
    MetaGraphDef meta = file.meta();
    String restore = Value.Tensor.parse(meta.getSaverDef().getRestoreOpName()).node();
    try (FlatNodes nodes = new FlatNodes()) {
      Map<String, Value.Tensor> restored =
          restore.isEmpty()
              ? Map.of()
              : new Inliner(meta.getGraphDef(), nodes, Map.of(), Map.of()).assignments(restore);
      return new Checkpoint(file, restored, aliases(meta.getGraphDef(), restored), nodes);
    }
  }

  /**
   * Variables that functions read although another one is restored: Keras 3 makes them of {@code
   * tf.saved_model.save}.
   *
   * @return the restored one, by the one that is read
   */
  Map<String, String> aliases() {
    return aliases;
  }

  /** What the SavedModel's objects say of a variable, if they know it. */
  Optional<SavedVariable> find(String variable) {
    SavedObjectGraph objects = file.meta().getObjectGraphDef();
    String key = keys.getOrDefault(variable, "");
    int end = key.indexOf("/.ATTRIBUTES/");
    if (end < 0 || objects.getNodesCount() == 0) {
      return Optional.empty();
    }
    int at = 0;
    for (String step : key.substring(0, end).split("/", -1)) {
      String name =
          ESCAPE.matcher(step).replaceAll(match -> match.group(1).equals("S") ? "/" : ".");
      Optional<Integer> next =
          objects.getNodes(at).getChildrenList().stream()
              .filter(child -> child.getLocalName().equals(name))
              .map(child -> child.getNodeId())
              .findFirst();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      at = next.get();
    }
    return objects.getNodes(at).hasVariable()
        ? Optional.of(objects.getNodes(at).getVariable())
        : Optional.empty();
  }

  /** The model's own name of a variable, or that of its node. */
  String name(String variable) {
    String name =
        find(variable)
            .map(SavedVariable::getName)
            .filter(given -> !given.isEmpty())
            .orElse(variable);
    return name.replaceAll(":\\d+$", "").replaceAll("[^A-Za-z0-9_./-]", "_");
  }

  /** The same with a number behind it where it is taken. */
  String uniqueName(String variable, Collection<String> taken) {
    String name = name(variable);
    String free = name;
    for (int i = 1; taken.contains(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** What variables hold. */
  Map<String, TensorProto> values(Collection<String> variables) {
    Map<String, TensorProto> values = new HashMap<>();
    if (variables.isEmpty()) {
      return values;
    }
    List<String> names = new ArrayList<>(variables);
    try (Graph graph = new Graph()) {
      graph.importGraphDef(reading);
      try (Session session = new Session(graph);
          TString prefix = TString.scalarOf(file.variables())) {
        Session.Runner runner =
            session.runner().feed(file.meta().getSaverDef().getFilenameTensorName(), prefix);
        names.forEach(name -> runner.fetch(restored(name).toString()));
        try (Result result = runner.run()) {
          for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), proto(result.get(i).asRawTensor()));
          }
        }
      }
    }
    return values;
  }

  private Value.Tensor restored(String variable) {
    Value.Tensor value = restored.get(variable);
    if (value == null) {
      throw new ImportException(
          "each variable must be among those that are restored, but %s is not; export the model again"
              .formatted(variable));
    }
    return value;
  }

  private static TensorProto proto(RawTensor tensor) {
    byte[] bytes = new byte[(int) tensor.numBytes()];
    tensor.data().copyTo(DataBuffers.of(bytes), bytes.length);
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : tensor.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder()
        .setDtype(tensor.dataType())
        .setTensorShape(shape)
        .setTensorContent(ByteString.copyFrom(bytes))
        .build();
  }

  private static Map<String, String> aliases(GraphDef graph, Map<String, Value.Tensor> restored) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    Map<String, String> aliases = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      if (!node.getOp().equals("AssignVariableOp")) {
        continue;
      }
      String copy = Value.Tensor.parse(node.getInput(0)).node();
      NodeDef read = nodes.get(Value.Tensor.parse(node.getInput(1)).node());
      if (read.getOp().equals("ReadVariableOp")) {
        String original = Value.Tensor.parse(read.getInput(0)).node();
        if (restored.containsKey(copy) && !restored.containsKey(original)) {
          aliases.put(original, copy);
        }
      }
    }
    return aliases;
  }

  private static String key(FlatNodes nodes, Value.Tensor value) {
    Value.Tensor tensor = value;
    NodeDef node = nodes.node(tensor.node());
    while (!node.getOp().equals("RestoreV2")) {
      if (node.getInputCount() == 0) {
        return "";
      }
      tensor = Value.Tensor.parse(node.getInput(0));
      node = nodes.node(tensor.node());
    }
    NodeDef names = nodes.node(Value.Tensor.parse(node.getInput(1)).node());
    return names.getAttrOrThrow("value").getTensor().getStringVal(tensor.index()).toStringUtf8();
  }
}
