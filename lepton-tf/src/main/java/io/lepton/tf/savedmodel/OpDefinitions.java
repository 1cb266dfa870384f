package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/** What TensorFlow says of the operations it knows. */
final class OpDefinitions {
  private static final Map<String, OpDef> KNOWN = load();

  private OpDefinitions() {}

  /** Where the tensors of an argument are among all of an operation. */
  record Range(int start, int length) {}

  static Optional<OpDef> find(String op) {
    return Optional.ofNullable(KNOWN.get(op));
  }

  /**
   * The definition of an operation.
   *
   * @throws ImportException if TensorFlow has none
   */
  static OpDef of(String op) {
    return find(op)
        .orElseThrow(
            () ->
                new ImportException(
                    "operations must be TensorFlow's own, but one was: %s; export the model without it"
                        .formatted(op)));
  }

  /** Outputs by name. */
  static Map<String, Range> outputs(OpDef definition, Map<String, AttrValue> attributes) {
    Map<String, AttrValue> all = withDefaults(definition, attributes);
    Map<String, Range> ranges = new LinkedHashMap<>();
    int start = 0;
    for (OpDef.ArgDef argument : definition.getOutputArgList()) {
      int length = length(argument, all);
      ranges.put(argument.getName(), new Range(start, length));
      start += length;
    }
    return ranges;
  }

  /** Number of tensors of an argument. */
  static int length(OpDef.ArgDef argument, Map<String, AttrValue> attributes) {
    if (!argument.getNumberAttr().isEmpty()) {
      return (int) attributes.get(argument.getNumberAttr()).getI();
    }
    return argument.getTypeListAttr().isEmpty()
        ? 1
        : attributes.get(argument.getTypeListAttr()).getList().getTypeCount();
  }

  /** Whether an argument is a list of tensors, however many. */
  static boolean isList(OpDef.ArgDef argument) {
    return !argument.getNumberAttr().isEmpty() || !argument.getTypeListAttr().isEmpty();
  }

  static Map<String, AttrValue> withDefaults(OpDef definition, Map<String, AttrValue> attributes) {
    Map<String, AttrValue> all = new HashMap<>();
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      if (attribute.hasDefaultValue()) {
        all.put(attribute.getName(), attribute.getDefaultValue());
      }
    }
    all.putAll(attributes);
    return all;
  }

  private static Map<String, OpDef> load() {
    TensorFlow.version();
    TF_Buffer buffer = tensorflow.TF_GetAllOpList();
    try {
      byte[] bytes = new byte[(int) buffer.length()];
      new BytePointer(buffer.data()).capacity(bytes.length).get(bytes);
      Map<String, OpDef> known = new HashMap<>();
      OpList.parseFrom(bytes).getOpList().forEach(op -> known.put(op.getName(), op));
      return Map.copyOf(known);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow describes its own operations", e);
    } finally {
      tensorflow.TF_DeleteBuffer(buffer);
    }
  }
}
