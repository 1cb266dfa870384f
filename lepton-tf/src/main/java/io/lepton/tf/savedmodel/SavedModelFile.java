package io.lepton.tf.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What {@code saved_model.pb} says.
 *
 * @param directory of the SavedModel
 */
record SavedModelFile(Path directory, MetaGraphDef meta) {
  private static final String NAME = "saved_model.pb";

  static SavedModelFile read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new ImportException(
          "a SavedModel must be a directory with %s, but %s has none; write it by model.export(directory) of Keras or tf.saved_model.save"
              .formatted(NAME, directory));
    }
    try {
      SavedModel model = SavedModel.parseFrom(Files.readAllBytes(file));
      return new SavedModelFile(
          directory,
          model.getMetaGraphsList().stream()
              .filter(meta -> meta.getMetaInfoDef().getTagsList().contains("serve"))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ImportException(
                          "a SavedModel must have a graph tagged serve, but %s has none; write it by model.export(directory) of Keras or tf.saved_model.save"
                              .formatted(directory))));
    } catch (InvalidProtocolBufferException e) {
      throw new ImportException(
          "%s must be a SavedModel, but %s is not; write it by model.export(directory) of Keras or tf.saved_model.save"
              .formatted(NAME, file),
          e);
    }
  }

  /** The prefix of the files that hold the variables. */
  String variables() {
    return directory.resolve("variables").resolve("variables").toAbsolutePath().toString();
  }

  /** A signature, by its name. */
  SignatureDef signature(String name) {
    SignatureDef signature = meta.getSignatureDefMap().get(name);
    if (signature == null) {
      throw new ImportException(
          "the endpoint must be a signature of the SavedModel, but was: %s; %s"
              .formatted(name, usable()));
    }
    return signature;
  }

  private String usable() {
    Map<String, SignatureDef> named = new TreeMap<>(meta.getSignatureDefMap());
    named.keySet().removeIf(name -> name.startsWith("__"));
    return named.isEmpty()
        ? "it has none: export it with one, as model.export(directory) of Keras does"
        : "name one of: "
            + named.entrySet().stream()
                .map(entry -> entry.getKey() + describe(entry.getValue()))
                .collect(Collectors.joining(", "));
  }

  private static String describe(SignatureDef signature) {
    return "%s → %s"
        .formatted(
            new TreeMap<String, TensorInfo>(signature.getInputsMap()).keySet(),
            new TreeMap<String, TensorInfo>(signature.getOutputsMap()).keySet());
  }
}
