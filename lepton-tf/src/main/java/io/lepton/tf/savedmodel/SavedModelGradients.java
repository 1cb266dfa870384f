package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;

/**
 * Reads a SavedModel with a signature that returns the loss of a batch and the gradient of each
 * trainable variable, as a {@code tf.function} with a {@code GradientTape} gives them. Nothing is
 * differentiated here, so that whatever Python can differentiate can be trained.
 *
 * <p>Gradients are numbered in the order of a list of the saved object that holds just the
 * variables the signature reads and trains, {@code trainable_variables} before any other; without
 * such a list in the order in which the signature reads them.
 */
final class SavedModelGradients {
  private final SavedModelFile file;
  private final Checkpoint checkpoint;
  private final GradientOptions options;
  private final Map<String, NodeDef> outer = new HashMap<>();
  private final Map<String, FunctionDef> functions = new HashMap<>();

  private SavedModelGradients(SavedModelFile file, Checkpoint checkpoint, GradientOptions options) {
    this.file = file;
    this.checkpoint = checkpoint;
    this.options = options;
    GraphDef graph = file.meta().getGraphDef();
    graph.getNodeList().forEach(node -> outer.put(node.getName(), node));
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /**
   * Reads a signature.
   *
   * @throws ImportException if there is none as the options say
   */
  static ImportedGradients read(
      SavedModelFile file, Checkpoint checkpoint, GradientOptions options) {
    return new SavedModelGradients(file, checkpoint, options).read();
  }

  private ImportedGradients read() {
    SignatureDef signature = file.signature(options.endpoint());
    String loss = loss(signature);
    List<String> gradients = gradients(signature);
    List<NodeDef> nodes = needed(loss, gradients);
    Map<String, String> handles = new LinkedHashMap<>();
    for (NodeDef node : nodes) {
      if (node.getOp().equals("VarHandleOp")) {
        String name = node.getName();
        handles.put(name, checkpoint.aliases().getOrDefault(name, name));
      }
    }
    List<String> trained =
        VariableOrder.of(file.meta().getObjectGraphDef(), checkpoint)
            .sort(
                new LinkedHashSet<>(handles.values())
                    .stream().filter(variable -> isTrained(checkpoint, variable)).toList());
    Map<String, TensorProto> values = checkpoint.values(new HashSet<>(handles.values()));
    Map<String, String> names = new LinkedHashMap<>();
    List<ImportedVariable> variables = new ArrayList<>();
    for (String variable : trained) {
      String name = checkpoint.uniqueName(variable, names.values());
      names.put(variable, name);
      variables.add(ImportedVariable.of(name, true, values.get(variable)));
    }
    requireFit(signature, gradients, variables);
    Map<String, byte[]> constants = new HashMap<>();
    Map<String, String> trainedHandles = new HashMap<>();
    handles.forEach(
        (node, variable) -> {
          if (names.containsKey(variable)) {
            trainedHandles.put(node, names.get(variable));
          } else {
            constants.put(node, values.get(variable).toByteArray());
          }
        });
    SignatureInputs inputs = new SignatureInputs(options.endpoint(), signature, Map.of());
    return new ImportedGradients(
        graph(nodes).toByteArray(),
        inputs.all(),
        variables,
        constants,
        inputs.placeholders(),
        trainedHandles,
        loss,
        gradients.stream().map(name -> signature.getOutputsOrThrow(name).getName()).toList(),
        constants.isEmpty()
            ? List.of()
            : List.of(
                "%d variables that are not trainable start every round as they were exported"
                    .formatted(constants.size())));
  }

  private static boolean isTrained(Checkpoint checkpoint, String variable) {
    return checkpoint.find(variable).map(SavedVariable::getTrainable).orElse(true);
  }

  private String loss(SignatureDef signature) {
    TensorInfo info = signature.getOutputsMap().get(options.loss());
    if (info == null || info.getDtype() != DataType.DT_FLOAT) {
      throw new ImportException(
          "endpoint %s must give the loss as a float32 scalar '%s', but gives: %s; return it under that name"
              .formatted(
                  options.endpoint(),
                  options.loss(),
                  new TreeMap<>(signature.getOutputsMap()).keySet()));
    }
    return info.getName();
  }

  /** Names of the gradients, by number. */
  private List<String> gradients(SignatureDef signature) {
    Pattern numbered = Pattern.compile(Pattern.quote(options.gradients()) + "(\\d+)");
    Map<Integer, String> found = new TreeMap<>();
    for (String name : signature.getOutputsMap().keySet()) {
      Matcher matcher = numbered.matcher(name);
      if (matcher.matches()) {
        found.put(Integer.valueOf(matcher.group(1)), name);
      }
    }
    if (found.isEmpty()) {
      throw new ImportException(
          "endpoint %s must give gradients named %s000 and so on, but gives: %s; return one for each trainable variable, as dense tensors"
              .formatted(
                  options.endpoint(),
                  options.gradients(),
                  new TreeMap<>(signature.getOutputsMap()).keySet()));
    }
    return List.copyOf(found.values());
  }

  private void requireFit(
      SignatureDef signature, List<String> gradients, List<ImportedVariable> variables) {
    if (gradients.size() != variables.size()) {
      throw new ImportException(
          "endpoint %s must give a gradient for each trainable variable it reads, but gives %s for %s; return as many"
              .formatted(
                  options.endpoint(),
                  gradients,
                  variables.stream().map(ImportedVariable::name).toList()));
    }
    for (int i = 0; i < gradients.size(); i++) {
      TensorInfo info = signature.getOutputsOrThrow(gradients.get(i));
      List<Integer> shape = SignatureInputs.dimensions(info.getTensorShape());
      if (!info.getTensorShape().getUnknownRank() && !shape.equals(variables.get(i).shape())) {
        throw new ImportException(
            "gradients must be in the order of the trainable variables, but %s has shape %s and %s has %s; return them in that order"
                .formatted(
                    gradients.get(i), shape, variables.get(i).name(), variables.get(i).shape()));
      }
    }
  }

  // ---- what is called

  private List<NodeDef> needed(String loss, List<String> gradients) {
    SignatureDef signature = file.signature(options.endpoint());
    Set<String> done = new LinkedHashSet<>();
    add(Value.Tensor.parse(loss).node(), done);
    for (String gradient : gradients) {
      add(Value.Tensor.parse(signature.getOutputsOrThrow(gradient).getName()).node(), done);
    }
    return done.stream().map(outer::get).toList();
  }

  private void add(String name, Set<String> done) {
    if (done.contains(name)) {
      return;
    }
    for (String input : outer.get(name).getInputList()) {
      if (!input.startsWith("^")) {
        add(Value.Tensor.parse(input).node(), done);
      }
    }
    done.add(name);
  }

  private GraphDef graph(List<NodeDef> nodes) {
    GraphDef.Builder graph =
        GraphDef.newBuilder()
            .setVersions(file.meta().getGraphDef().getVersions())
            .addAllNode(nodes);
    Set<String> called = new LinkedHashSet<>();
    nodes.forEach(node -> call(node, called));
    called.forEach(name -> graph.getLibraryBuilder().addFunction(functions.get(name)));
    return graph.build();
  }

  private void call(NodeDef node, Set<String> called) {
    List<String> names = new ArrayList<>(List.of(node.getOp()));
    for (AttrValue value : node.getAttrMap().values()) {
      names.add(value.getFunc().getName());
      value.getList().getFuncList().stream().map(NameAttrList::getName).forEach(names::add);
    }
    for (String name : names) {
      if (functions.containsKey(name) && called.add(name)) {
        functions.get(name).getNodeDefList().forEach(inner -> call(inner, called));
      }
    }
  }
}
