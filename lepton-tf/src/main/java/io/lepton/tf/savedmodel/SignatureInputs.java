package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** The inputs of an endpoint and the shapes that are given for them. */
record SignatureInputs(String endpoint, SignatureDef signature, Map<String, List<Integer>> shapes) {
  private static final Set<DataType> TYPES =
      Set.of(DataType.DT_FLOAT, DataType.DT_UINT8, DataType.DT_INT32, DataType.DT_INT64);

  /** All of them, in the order of their names. */
  List<ImportedModel.Input> all() {
    for (String name : shapes.keySet()) {
      if (!signature.containsInputs(name)) {
        throw new ImportException(
            "shapes must be given for inputs of endpoint %s, but one was for: %s; its inputs are %s"
                .formatted(endpoint, name, new TreeMap<>(signature.getInputsMap()).keySet()));
      }
    }
    List<ImportedModel.Input> inputs = new ArrayList<>();
    new TreeMap<>(signature.getInputsMap()).forEach((name, info) -> inputs.add(input(name, info)));
    if (inputs.isEmpty()) {
      throw new ImportException(
          "an endpoint must have inputs, but %s has none; name another endpoint"
              .formatted(endpoint));
    }
    return inputs;
  }

  /** Their nodes, by name. */
  Map<String, String> placeholders() {
    Map<String, String> nodes = new HashMap<>();
    signature
        .getInputsMap()
        .forEach((name, info) -> nodes.put(name, Value.Tensor.parse(info.getName()).node()));
    return nodes;
  }

  /** The shapes that are given, by node. */
  Map<String, List<Integer>> placeholderShapes() {
    Map<String, List<Integer>> byNode = new HashMap<>();
    placeholders()
        .forEach(
            (name, node) -> {
              if (shapes.containsKey(name)) {
                byNode.put(node, shapes.get(name));
              }
            });
    return byNode;
  }

  static List<Integer> dimensions(TensorShapeProto shape) {
    return shape.getDimList().stream().map(dim -> (int) dim.getSize()).toList();
  }

  private ImportedModel.Input input(String name, TensorInfo info) {
    if (!TYPES.contains(info.getDtype())) {
      throw new ImportException(
          "inputs must be float32, uint8, int32 or int64, but '%s' is %s; export the model without what prepares it"
              .formatted(name, info.getDtype()));
    }
    TensorShapeProto declared = info.getTensorShape();
    List<Integer> given = shapes.get(name);
    if (declared.getUnknownRank() && given != null) {
      return new ImportedModel.Input(name, info.getDtype(), given);
    }
    if (declared.getDimCount() == 0 || declared.getDim(0).getSize() >= 0) {
      throw new ImportException(
          "the first dimension of an input must be the batch's and of any size, but '%s' has shape %s; export the model with a batch size of None"
              .formatted(name, declared.getUnknownRank() ? "unknown" : dimensions(declared)));
    }
    List<Integer> example = dimensions(declared).subList(1, declared.getDimCount());
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
}
