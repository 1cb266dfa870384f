package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** Operations on lists of tensors, done while a graph is made flat: only tensors remain. */
final class ListOperations {
  private final FlatNodes nodes;
  private final KnownIntegers known;

  ListOperations(FlatNodes nodes, KnownIntegers known) {
    this.nodes = nodes;
    this.known = known;
  }

  /**
   * Does an operation.
   *
   * @param name for nodes that are needed
   */
  List<Value> apply(String name, NodeDef node, List<Value> inputs) {
    DataType type =
        node.getAttrOrDefault("element_dtype", AttrValue.getDefaultInstance()).getType();
    return switch (node.getOp()) {
      case "TensorListReserve" ->
          List.of(
              new Value.Items(
                  Collections.nCopies(known(inputs.get(1), name), Optional.empty()), type));
      case "EmptyTensorList" -> List.of(new Value.Items(List.of(), type));
      case "TensorListFromTensor" -> List.of(unpack(name, (Value.Tensor) inputs.get(0), type));
      case "TensorListGetItem" -> {
        Value.Items list = (Value.Items) inputs.get(0);
        yield List.of(item(name, list, known(inputs.get(1), name)));
      }
      case "TensorListSetItem" ->
          List.of(
              set(
                  (Value.Items) inputs.get(0),
                  known(inputs.get(1), name),
                  (Value.Tensor) inputs.get(2)));
      case "TensorListPushBack" -> {
        Value.Items list = (Value.Items) inputs.get(0);
        yield List.of(set(list, list.items().size(), (Value.Tensor) inputs.get(1)));
      }
      case "TensorListPopBack" -> {
        Value.Items list = (Value.Items) inputs.get(0);
        int last = list.items().size() - 1;
        yield List.of(
            new Value.Items(list.items().subList(0, last), list.type()), item(name, list, last));
      }
      case "TensorListLength" ->
          List.of(nodes.constant(name, ((Value.Items) inputs.get(0)).items().size()));
      case "TensorListStack" -> List.of(pack(name, (Value.Items) inputs.get(0)));
      default ->
          throw new ImportException(
              "lists must be used in ways that are known, but %s is not, at %s; export the model without it"
                  .formatted(node.getOp(), name));
    };
  }

  private int known(Value value, String name) {
    return known
        .scalar(value)
        .map(Math::toIntExact)
        .orElseThrow(
            () ->
                new ImportException(
                    "lengths and positions of lists must be known, but one at %s is not; give the input's shape with a length"
                        .formatted(name)));
  }

  private Value.Items unpack(String name, Value.Tensor tensor, DataType type) {
    long length = nodes.shape(tensor).map(shape -> shape[0]).orElse(-1L);
    if (length < 0) {
      throw new ImportException(
          "a sequence's length must be known, but that at %s is not; give the input's shape with a length"
              .formatted(name));
    }
    nodes.add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Unpack")
            .addInput(tensor.toString())
            .putAttr("T", Attributes.type(type))
            .putAttr("num", Attributes.integer(length))
            .putAttr("axis", Attributes.integer(0))
            .build());
    List<Optional<Value.Tensor>> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(Optional.of(new Value.Tensor(name, i)));
    }
    return new Value.Items(items, type);
  }

  private static Value.Items set(Value.Items list, int index, Value.Tensor value) {
    List<Optional<Value.Tensor>> items = new ArrayList<>(list.items());
    while (items.size() <= index) {
      items.add(Optional.empty());
    }
    items.set(index, Optional.of(value));
    return new Value.Items(items, list.type());
  }

  private Value.Tensor item(String name, Value.Items list, int index) {
    return list.items().get(index).orElseGet(() -> zeros(name, list));
  }

  private Value.Tensor zeros(String name, Value.Items list) {
    Value.Tensor like =
        list.items().stream()
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(
                () ->
                    new ImportException(
                        "a list must be written before it is read, but that at %s is not; export the model without it"
                            .formatted(name)));
    return nodes.add(name + "/zeros", "ZerosLike", List.of(like), Map.of("T", list.type()));
  }

  private Value.Tensor pack(String name, Value.Items list) {
    NodeDef.Builder pack =
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Pack")
            .putAttr("T", Attributes.type(list.type()))
            .putAttr("N", Attributes.integer(list.items().size()))
            .putAttr("axis", Attributes.integer(0));
    Optional<Value.Tensor> zeros =
        list.items().stream().allMatch(Optional::isPresent)
            ? Optional.empty()
            : Optional.of(zeros(name, list));
    list.items().forEach(item -> pack.addInput(item.or(() -> zeros).orElseThrow().toString()));
    return nodes.add(pack.build());
  }
}
