package io.lepton.tf.savedmodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Integers and booleans of a flat graph whose values follow from constants and shapes: counters of
 * loops, their conditions, indices into lists.
 */
final class KnownIntegers {
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final int LARGEST = 64;
  private static final Map<String, LongBinaryOperator> OPERATORS =
      Map.ofEntries(
          Map.entry("Add", Long::sum),
          Map.entry("AddV2", Long::sum),
          Map.entry("Sub", (a, b) -> a - b),
          Map.entry("Mul", (a, b) -> a * b),
          Map.entry("Minimum", Math::min),
          Map.entry("Maximum", Math::max),
          Map.entry("FloorDiv", (a, b) -> b == 0 ? UNKNOWN : Math.floorDiv(a, b)),
          Map.entry("FloorMod", (a, b) -> b == 0 ? UNKNOWN : Math.floorMod(a, b)),
          Map.entry("Less", (a, b) -> a < b ? 1 : 0),
          Map.entry("LessEqual", (a, b) -> a <= b ? 1 : 0),
          Map.entry("Greater", (a, b) -> a > b ? 1 : 0),
          Map.entry("GreaterEqual", (a, b) -> a >= b ? 1 : 0),
          Map.entry("Equal", (a, b) -> a == b ? 1 : 0),
          Map.entry("NotEqual", (a, b) -> a != b ? 1 : 0),
          Map.entry("LogicalAnd", (a, b) -> a & b),
          Map.entry("LogicalOr", (a, b) -> a | b));

  private final FlatNodes nodes;
  private final Map<Value.Tensor, Optional<Elements>> found = new HashMap<>();

  /** A scalar or a vector; elements may be unknown. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Elements(long[] values, boolean scalar) {
    static Elements scalar(long value) {
      return new Elements(new long[] {value}, true);
    }

    boolean known() {
      return LongStream.of(values).noneMatch(value -> value == UNKNOWN);
    }
  }

  KnownIntegers(FlatNodes nodes) {
    this.nodes = nodes;
  }

  /** The value of a scalar, if it is known; of a boolean 1 or 0. */
  Optional<Long> scalar(Value value) {
    return find(value)
        .filter(elements -> elements.scalar() && elements.known())
        .map(elements -> elements.values()[0]);
  }

  private Optional<Elements> find(Value value) {
    if (!(value instanceof Value.Tensor tensor)) {
      return Optional.empty();
    }
    Optional<Elements> before = found.get(tensor);
    if (before == null) {
      before = follow(nodes.node(tensor.node()));
      found.put(tensor, before);
    }
    return before;
  }

  private Optional<Elements> input(NodeDef node, int index) {
    return find(Value.Tensor.parse(node.getInput(index)));
  }

  private Optional<Elements> follow(NodeDef node) {
    if (OPERATORS.containsKey(node.getOp())) {
      return apply(OPERATORS.get(node.getOp()), node);
    }
    return switch (node.getOp()) {
      case "Const" -> constant(node.getAttrOrThrow("value").getTensor());
      case "Identity" -> input(node, 0);
      case "Cast" ->
          isInteger(node.getAttrOrThrow("DstT").getType()) ? input(node, 0) : Optional.empty();
      case "LogicalNot" -> scalarInput(node).map(value -> Elements.scalar(1 - value));
      case "Max" -> reduce(node).map(values -> Elements.scalar(values.max().orElseThrow()));
      case "Min" -> reduce(node).map(values -> Elements.scalar(values.min().orElseThrow()));
      case "SelectV2" -> scalarInput(node).flatMap(chosen -> input(node, chosen != 0 ? 1 : 2));
      case "Shape" -> shape(node);
      case "StridedSlice" -> slice(node);
      case "Pack" -> pack(node);
      default -> Optional.empty();
    };
  }

  private Optional<Long> scalarInput(NodeDef node) {
    return scalar(Value.Tensor.parse(node.getInput(0)));
  }

  private Optional<Elements> apply(LongBinaryOperator operator, NodeDef node) {
    Optional<Long> left = scalarInput(node);
    Optional<Long> right = scalar(Value.Tensor.parse(node.getInput(1)));
    return left.isPresent() && right.isPresent()
        ? Optional.of(Elements.scalar(operator.applyAsLong(left.get(), right.get())))
        : Optional.empty();
  }

  private Optional<LongStream> reduce(NodeDef node) {
    return input(node, 0)
        .filter(elements -> elements.known() && elements.values().length > 0)
        .map(elements -> LongStream.of(elements.values()));
  }

  private Optional<Elements> shape(NodeDef node) {
    return nodes
        .shape(Value.Tensor.parse(node.getInput(0)))
        .map(
            dimensions ->
                new Elements(
                    LongStream.of(dimensions).map(size -> size < 0 ? UNKNOWN : size).toArray(),
                    false));
  }

  private Optional<Elements> slice(NodeDef node) {
    Optional<Elements> vector = input(node, 0).filter(elements -> !elements.scalar());
    Optional<Elements> begin = input(node, 1).filter(elements -> elements.values().length == 1);
    long shrunk = node.getAttrOrDefault("shrink_axis_mask", AttrValue.getDefaultInstance()).getI();
    if (vector.isEmpty() || begin.isEmpty() || shrunk != 1) {
      return Optional.empty();
    }
    long[] values = vector.get().values();
    long at = begin.get().values()[0];
    int index = (int) (at < 0 ? at + values.length : at);
    return index < 0 || index >= values.length
        ? Optional.empty()
        : Optional.of(Elements.scalar(values[index]));
  }

  private Optional<Elements> pack(NodeDef node) {
    long[] values = new long[node.getInputCount()];
    Arrays.setAll(values, i -> scalar(Value.Tensor.parse(node.getInput(i))).orElse(UNKNOWN));
    return Optional.of(new Elements(values, false));
  }

  private static boolean isInteger(DataType type) {
    return type == DataType.DT_INT32 || type == DataType.DT_INT64;
  }

  private static Optional<Elements> constant(TensorProto tensor) {
    int rank = tensor.getTensorShape().getDimCount();
    long size = rank == 0 ? 1 : tensor.getTensorShape().getDim(0).getSize();
    if (rank > 1 || size > LARGEST) {
      return Optional.empty();
    }
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    boolean raw = content.hasRemaining();
    long[] values = new long[(int) size];
    for (int i = 0; i < values.length; i++) {
      switch (tensor.getDtype()) {
        case DT_INT32 ->
            values[i] = raw ? content.getInt() : last(tensor.getIntValList(), i).longValue();
        case DT_INT64 ->
            values[i] = raw ? content.getLong() : last(tensor.getInt64ValList(), i).longValue();
        case DT_BOOL -> values[i] = raw ? content.get() : boolAt(tensor, i);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Elements(values, rank == 0));
  }

  private static long boolAt(TensorProto tensor, int index) {
    int count = tensor.getBoolValCount();
    return count > 0 && tensor.getBoolVal(Math.min(index, count - 1)) ? 1 : 0;
  }

  // The last value stands for all after it, none for zeros.
  private static Number last(List<? extends Number> values, int index) {
    return values.isEmpty() ? Integer.valueOf(0) : values.get(Math.min(index, values.size() - 1));
  }
}
