package io.lepton.tf.savedmodel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.tensorflow.proto.TensorProto;

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
    SignatureInputs inputs = new SignatureInputs(options.endpoint(), signature, options.shapes());
    inputs.all();
    Checkpoint checkpoint = Checkpoint.of(file);
    try (FlatNodes nodes = new FlatNodes()) {
      Inliner inliner =
          new Inliner(
              file.meta().getGraphDef(), nodes, inputs.placeholderShapes(), checkpoint.aliases());
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
      SignatureInputs inputs,
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
        String name = checkpoint.uniqueName(variable, names.values());
        names.put(variable, name);
        variables.add(ImportedVariable.of(name, values.get(variable)));
      }
    }
    tellOfFrozen(read, trainable, reached, checkpoint);
    return new ImportedModel(
        inputs.all(),
        outputs(signature, nodes, outputs),
        variables,
        flat(inputs, nodes, graph, values, names, outputs),
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
                .formatted(checkpoint.name(variable)));
      }
    }
  }

  private static FlatGraph flat(
      SignatureInputs inputs,
      FlatNodes nodes,
      GraphDef graph,
      Map<String, TensorProto> values,
      Map<String, String> names,
      Map<String, Value.Tensor> outputs) {
    GraphDef.Builder fixed = GraphDef.newBuilder();
    for (NodeDef node : graph.getNodeList()) {
      boolean frozen = values.containsKey(node.getName()) && !names.containsKey(node.getName());
      fixed.addNode(frozen ? Constants.node(node.getName(), values.get(node.getName())) : node);
    }
    Map<String, String> variables = new HashMap<>();
    names.forEach((variable, name) -> variables.put(name, variable));
    Map<String, String> tensors = new HashMap<>();
    Map<String, String> logits = new HashMap<>();
    outputs.forEach(
        (name, tensor) -> {
          tensors.put(name, tensor.toString());
          logits(nodes, tensor).ifPresent(before -> logits.put(name, before));
        });
    return new FlatGraph(
        fixed.build().toByteArray(), inputs.placeholders(), variables, tensors, logits);
  }

  private static Optional<String> logits(FlatNodes nodes, Value.Tensor output) {
    NodeDef node = nodes.node(output.node());
    return node.getOp().equals("Softmax") || node.getOp().equals("Sigmoid")
        ? Optional.of(Value.Tensor.parse(node.getInput(0)).toString())
        : Optional.empty();
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
                  .orElseGet(
                      () ->
                          SignatureInputs.dimensions(
                              signature.getOutputsOrThrow(name).getTensorShape()));
          if (!shape.isEmpty()) {
            described.add(
                new ImportedModel.Output(
                    name, shape.subList(1, shape.size()), logits(nodes, tensor).isPresent()));
          }
        });
    return described;
  }
}
