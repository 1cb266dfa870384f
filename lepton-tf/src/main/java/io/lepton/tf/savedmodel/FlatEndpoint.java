package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;

/**
 * An endpoint made flat. Variables are placeholders with the names of their nodes.
 *
 * @param outputs by name
 * @param logits what goes into the softmax or sigmoid an output ends in
 * @param shapes of outputs, of one example
 * @param assigned what variables hold after a call
 * @param variables that are read
 * @param notes what was given up
 */
record FlatEndpoint(
    SignatureInputs inputs,
    GraphDef graph,
    Map<String, Value.Tensor> outputs,
    Map<String, Value.Tensor> logits,
    Map<String, List<Integer>> shapes,
    Map<String, Value.Tensor> assigned,
    Set<String> variables,
    List<String> notes) {

  /** Makes one flat. */
  static FlatEndpoint of(
      SavedModelFile file, Checkpoint checkpoint, String name, Map<String, List<Integer>> given) {
    SignatureDef signature = file.signature(name);
    SignatureInputs inputs = new SignatureInputs(name, signature, given);
    inputs.all();
    try (FlatNodes nodes = new FlatNodes()) {
      Inliner inliner =
          new Inliner(
              file.meta().getGraphDef(), nodes, inputs.placeholderShapes(), checkpoint.aliases());
      Map<String, Value.Tensor> outputs = new TreeMap<>();
      Map<String, Value.Tensor> logits = new TreeMap<>();
      Map<String, List<Integer>> shapes = new TreeMap<>();
      Map<String, Value.Tensor> assigned = new TreeMap<>();
      signature
          .getOutputsMap()
          .forEach(
              (output, info) -> {
                Value.Tensor tensor = inliner.tensor(info.getName());
                outputs.put(output, tensor);
                logits(nodes, tensor).ifPresent(before -> logits.put(output, before));
                shape(nodes, tensor)
                    .or(() -> Optional.of(SignatureInputs.dimensions(info.getTensorShape())))
                    .filter(shape -> !shape.isEmpty())
                    .ifPresent(shape -> shapes.put(output, shape.subList(1, shape.size())));
                assigned.putAll(inliner.assignments(Value.Tensor.parse(info.getName()).node()));
              });
      List<String> notes = new ArrayList<>();
      inliner
          .customGradients()
          .forEach(node -> notes.add("%s has a gradient of its own, not used".formatted(node)));
      return new FlatEndpoint(
          inputs,
          nodes.toGraphDef(names(outputs.values(), assigned.values())),
          outputs,
          logits,
          shapes,
          assigned,
          inliner.variables().keySet(),
          notes);
    }
  }

  /** The same without its assignments. */
  FlatEndpoint withoutAssignments() {
    return new FlatEndpoint(inputs, graph, outputs, logits, shapes, Map.of(), variables, notes);
  }

  private static List<String> names(
      Collection<Value.Tensor> outputs, Collection<Value.Tensor> assigned) {
    List<String> names = new ArrayList<>();
    outputs.forEach(tensor -> names.add(tensor.node()));
    assigned.forEach(tensor -> names.add(tensor.node()));
    return names;
  }

  private static Optional<Value.Tensor> logits(FlatNodes nodes, Value.Tensor output) {
    NodeDef node = nodes.node(output.node());
    return node.getOp().equals("Softmax") || node.getOp().equals("Sigmoid")
        ? Optional.of(Value.Tensor.parse(node.getInput(0)))
        : Optional.empty();
  }

  private static Optional<List<Integer>> shape(FlatNodes nodes, Value.Tensor tensor) {
    return nodes
        .shape(tensor)
        .map(sizes -> Arrays.stream(sizes).mapToObj(size -> (int) size).toList())
        .filter(sizes -> !sizes.isEmpty() && !sizes.subList(1, sizes.size()).contains(-1));
  }
}
