package io.lepton.tf.savedmodel;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Reads an inference SavedModel, as {@code model.export(directory)} of Keras 3, {@code
 * model.save(directory)} of Keras 2 and {@code tf.saved_model.save} write it, so that it can be
 * trained without Python.
 *
 * <p>Functions are inlined and loops of known length unrolled, since TensorFlow's C++ library
 * differentiates neither. Training starts from the values that were exported. Layers are trained as
 * they were exported, for inference: dropout has left no trace, and batch normalization keeps its
 * statistics.
 */
public final class SavedModelImport {
  private static final Set<DataType> INPUTS =
      Set.of(DataType.DT_FLOAT, DataType.DT_UINT8, DataType.DT_INT32, DataType.DT_INT64);

  private final SavedModelFile file;
  private final ImportOptions options;
  private final List<String> notes = new ArrayList<>();

  private SavedModelImport(SavedModelFile file, ImportOptions options) {
    this.file = file;
    this.options = options;
  }

  /**
   * Reads a SavedModel.
   *
   * @throws ImportException if it cannot be trained as the options say
   * @throws IOException if a file cannot be read
   */
  public static ImportedModel read(Path directory, ImportOptions options) throws IOException {
    return new SavedModelImport(SavedModelFile.read(directory), options).read();
  }

  private ImportedModel read() {
    SignatureDef signature = file.signature(options.endpoint());
    List<ImportedModel.Input> inputs = inputs(signature);
    Checkpoint checkpoint = Checkpoint.of(file);
    try (FlatNodes nodes = new FlatNodes()) {
      Inliner inliner =
          new Inliner(
              file.meta().getGraphDef(), nodes, placeholderShapes(signature), checkpoint.aliases());
      Map<String, Value.Tensor> outputs = new TreeMap<>();
      signature
          .getOutputsMap()
          .forEach((name, info) -> outputs.put(name, inliner.tensor(info.getName())));
      inliner
          .customGradients()
          .forEach(
              layer ->
                  notes.add("%s has a gradient of its own, which is not used".formatted(layer)));
      return assemble(signature, inputs, checkpoint, nodes, inliner.variables().keySet(), outputs);
    }
  }

  private ImportedModel assemble(
      SignatureDef signature,
      List<ImportedModel.Input> inputs,
      Checkpoint checkpoint,
      FlatNodes nodes,
      Set<String> read,
      Map<String, Value.Tensor> outputs) {
    GraphDef graph = nodes.toGraphDef(outputs.values().stream().map(Value.Tensor::node).toList());
    Map<String, TensorProto> values = checkpoint.values(read);
    Set<String> trainable = new HashSet<>();
    for (String variable : read) {
      boolean trained =
          checkpoint
              .find(variable)
              .map(SavedVariable::getTrainable)
              .orElse(values.get(variable).getDtype() == DataType.DT_FLOAT);
      if (trained) {
        trainable.add(variable);
      }
    }
    Set<String> reached =
        Differentiability.reached(
            graph, outputs.values().stream().map(Value.Tensor::node).toList(), trainable);
    if (reached.isEmpty()) {
      throw new ImportException(
          "a model must have a trainable variable that its outputs depend on, but endpoint %s has none among its %d variables; export it with trainable = True"
              .formatted(options.endpoint(), read.size()));
    }
    Map<String, String> names = new HashMap<>();
    List<ImportedVariable> variables = new ArrayList<>();
    for (String variable : read) {
      if (reached.contains(variable)) {
        String name = unique(name(checkpoint, variable), names.values());
        names.put(variable, name);
        variables.add(variable(name, values.get(variable)));
      }
    }
    tellOfFrozen(read, trainable, reached, checkpoint);
    return new ImportedModel(
        inputs,
        outputs(signature, nodes, outputs),
        variables,
        flat(signature, nodes, graph, values, names, outputs),
        notes);
  }

  private void tellOfFrozen(
      Set<String> read, Set<String> trainable, Set<String> reached, Checkpoint checkpoint) {
    long frozen = read.stream().filter(variable -> !trainable.contains(variable)).count();
    if (frozen > 0) {
      notes.add(
          "%d variables stay as they were exported, as they are not trainable there: among them the statistics of batch normalization"
              .formatted(frozen));
    }
    for (String variable : trainable) {
      if (!reached.contains(variable)) {
        notes.add(
            "%s stays as it was exported, as no gradient reaches it"
                .formatted(name(checkpoint, variable)));
      }
    }
  }

  private static FlatGraph flat(
      SignatureDef signature,
      FlatNodes nodes,
      GraphDef graph,
      Map<String, TensorProto> values,
      Map<String, String> names,
      Map<String, Value.Tensor> outputs) {
    GraphDef.Builder fixed = GraphDef.newBuilder();
    for (NodeDef node : graph.getNodeList()) {
      boolean frozen = values.containsKey(node.getName()) && !names.containsKey(node.getName());
      fixed.addNode(frozen ? constant(node.getName(), values.get(node.getName())) : node);
    }
    Map<String, String> inputs = new HashMap<>();
    signature
        .getInputsMap()
        .forEach((name, info) -> inputs.put(name, Value.Tensor.parse(info.getName()).node()));
    Map<String, String> variables = new HashMap<>();
    names.forEach((variable, name) -> variables.put(name, variable));
    Map<String, String> tensors = new HashMap<>();
    Map<String, String> logits = new HashMap<>();
    outputs.forEach(
        (name, tensor) -> {
          tensors.put(name, tensor.toString());
          logits(nodes, tensor).ifPresent(before -> logits.put(name, before));
        });
    return new FlatGraph(fixed.build().toByteArray(), inputs, variables, tensors, logits);
  }

  private static Optional<String> logits(FlatNodes nodes, Value.Tensor output) {
    NodeDef node = nodes.node(output.node());
    return node.getOp().equals("Softmax") || node.getOp().equals("Sigmoid")
        ? Optional.of(Value.Tensor.parse(node.getInput(0)).toString())
        : Optional.empty();
  }

  private static NodeDef constant(String name, TensorProto value) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", Attributes.type(value.getDtype()))
        .putAttr("value", Attributes.tensor(value))
        .build();
  }

  private static ImportedVariable variable(String name, TensorProto value) {
    if (value.getDtype() != DataType.DT_FLOAT) {
      throw new ImportException(
          "trained variables must be float32, but %s is %s; export the model with float32 variables"
              .formatted(name, value.getDtype()));
    }
    FloatBuffer buffer =
        value
            .getTensorContent()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new ImportedVariable(
        name,
        value.getTensorShape().getDimList().stream().map(dim -> (int) dim.getSize()).toList(),
        values);
  }

  private static String name(Checkpoint checkpoint, String variable) {
    String name =
        checkpoint
            .find(variable)
            .map(SavedVariable::getName)
            .filter(given -> !given.isEmpty())
            .orElse(variable);
    return name.replaceAll(":\\d+$", "").replaceAll("[^A-Za-z0-9_./-]", "_");
  }

  private static String unique(String name, Collection<String> taken) {
    String free = name;
    for (int i = 1; taken.contains(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  // ---- inputs and outputs

  private List<ImportedModel.Input> inputs(SignatureDef signature) {
    for (String name : options.shapes().keySet()) {
      if (!signature.containsInputs(name)) {
        throw new ImportException(
            "shapes must be given for inputs of endpoint %s, but one was for: %s; its inputs are %s"
                .formatted(
                    options.endpoint(), name, new TreeMap<>(signature.getInputsMap()).keySet()));
      }
    }
    List<ImportedModel.Input> inputs = new ArrayList<>();
    new TreeMap<>(signature.getInputsMap()).forEach((name, info) -> inputs.add(input(name, info)));
    if (inputs.isEmpty()) {
      throw new ImportException(
          "an endpoint must have inputs, but %s has none; name another endpoint"
              .formatted(options.endpoint()));
    }
    return inputs;
  }

  private ImportedModel.Input input(String name, TensorInfo info) {
    if (!INPUTS.contains(info.getDtype())) {
      throw new ImportException(
          "inputs must be float32, uint8, int32 or int64, but '%s' is %s; export the model without what prepares it"
              .formatted(name, info.getDtype()));
    }
    TensorShapeProto declared = info.getTensorShape();
    List<Integer> given = options.shapes().get(name);
    if (declared.getUnknownRank() && given != null) {
      return new ImportedModel.Input(name, info.getDtype(), given);
    }
    if (declared.getDimCount() == 0 || declared.getDim(0).getSize() >= 0) {
      throw new ImportException(
          "the first dimension of an input must be the batch's and of any size, but '%s' has shape %s; export the model with a batch size of None"
              .formatted(name, shape(declared)));
    }
    List<Integer> example = shape(declared).subList(1, declared.getDimCount());
    if (given != null) {
      requireFit(name, example, given);
      return new ImportedModel.Input(name, info.getDtype(), given);
    }
    if (example.contains(-1)) {
      throw new ImportException(
          "an example's shape must be known, but that of input '%s' is %s with -1 for any length; give its shape with a length"
              .formatted(name, example));
    }
    return new ImportedModel.Input(name, info.getDtype(), example);
  }

  private static void requireFit(String name, List<Integer> declared, List<Integer> given) {
    boolean fits = declared.size() == given.size();
    for (int i = 0; fits && i < given.size(); i++) {
      fits = given.get(i) > 0 && (declared.get(i) < 0 || declared.get(i).equals(given.get(i)));
    }
    if (!fits) {
      throw new ImportException(
          "the shape given for input '%s' must fit %s, where -1 is any length, but was: %s; give one that does"
              .formatted(name, declared, given));
    }
  }

  private Map<String, List<Integer>> placeholderShapes(SignatureDef signature) {
    Map<String, List<Integer>> shapes = new HashMap<>();
    options
        .shapes()
        .forEach(
            (name, shape) ->
                shapes.put(
                    Value.Tensor.parse(signature.getInputsOrThrow(name).getName()).node(), shape));
    return shapes;
  }

  private static List<ImportedModel.Output> outputs(
      SignatureDef signature, FlatNodes nodes, Map<String, Value.Tensor> outputs) {
    List<ImportedModel.Output> described = new ArrayList<>();
    outputs.forEach(
        (name, tensor) -> {
          List<Integer> shape =
              nodes
                  .shape(tensor)
                  .map(sizes -> Arrays.stream(sizes).mapToObj(size -> (int) size).toList())
                  .filter(sizes -> !sizes.isEmpty() && !sizes.subList(1, sizes.size()).contains(-1))
                  .orElseGet(() -> shape(signature.getOutputsOrThrow(name).getTensorShape()));
          if (!shape.isEmpty()) {
            described.add(
                new ImportedModel.Output(
                    name, shape.subList(1, shape.size()), logits(nodes, tensor).isPresent()));
          }
        });
    return described;
  }

  private static List<Integer> shape(TensorShapeProto shape) {
    return shape.getDimList().stream().map(dim -> (int) dim.getSize()).toList();
  }
}
