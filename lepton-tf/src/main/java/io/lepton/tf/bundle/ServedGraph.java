package io.lepton.tf.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.FilePrefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The graph of a SavedModel and the ports of its signature.
 *
 * @param graphDef operations and their variables
 * @param inputs by name
 * @param feeds tensors of the inputs
 * @param outputs by name
 * @param filename tensor that takes the prefix of the variables' files
 * @param restore operation that reads them
 */
record ServedGraph(
    GraphDef graphDef,
    List<ColumnSpec> inputs,
    List<String> feeds,
    List<ModelOutput> outputs,
    String filename,
    String restore) {
  private static final String SIGNATURE = "serving_default";
  private static final Set<String> REFUSED =
      Set.of(
          "ReadFile",
          "WriteFile",
          "MatchingFiles",
          "PyFunc",
          "PyFuncStateless",
          "EagerPyFunc",
          "PrintV2",
          "TFRecordDataset",
          "TextLineDataset",
          "FixedLengthRecordDataset",
          "InitializeTableFromTextFileV2",
          "MergeV2Checkpoints",
          "LoadDataset",
          "SaveDataset");

  ServedGraph {
    inputs = List.copyOf(inputs);
    feeds = List.copyOf(feeds);
    outputs = List.copyOf(outputs);
  }

  /** The graph, serialized, with the prefix of its variables' files in place of a feed. */
  byte[] reading(Path variables) {
    String placeholder = filename.replaceAll(":0$", "");
    return FilePrefix.set(graphDef, placeholder, variables).toByteArray();
  }

  static SavedModel parse(BundleFiles files, byte[] model) throws BundleException {
    try {
      return SavedModel.parseFrom(model);
    } catch (InvalidProtocolBufferException e) {
      throw files.refuse(
          "%s must be a SavedModel, but: %s".formatted(Bundle.MODEL, e.getMessage()), e);
    }
  }

  static ServedGraph of(BundleFiles files, SavedModel model, LabelShapes labels)
      throws BundleException {
    if (model.getMetaGraphsCount() != 1
        || !model.getMetaGraphs(0).containsSignatureDef(SIGNATURE)) {
      throw files.refuse(
          "%s must have one graph with the signature %s, but has %d graphs"
              .formatted(Bundle.MODEL, SIGNATURE, model.getMetaGraphsCount()));
    }
    MetaGraphDef graph = model.getMetaGraphs(0);
    for (NodeDef node : graph.getGraphDef().getNodeList()) {
      if (REFUSED.contains(node.getOp())) {
        throw files.refuse(
            "its graph must only compute, but has the operation %s".formatted(node.getOp()));
      }
    }
    SignatureDef signature = graph.getSignatureDefOrThrow(SIGNATURE);
    List<ColumnSpec> inputs = new ArrayList<>();
    List<String> feeds = new ArrayList<>();
    for (Map.Entry<String, TensorInfo> input : new TreeMap<>(signature.getInputsMap()).entrySet()) {
      inputs.add(column(files, input.getKey(), input.getValue()));
      feeds.add(input.getValue().getName());
    }
    List<ModelOutput> outputs = new ArrayList<>();
    for (Map.Entry<String, TensorInfo> output :
        new TreeMap<>(signature.getOutputsMap()).entrySet()) {
      outputs.add(output(files, output.getKey(), output.getValue(), labels));
    }
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw files.refuse("its signature must have inputs and outputs, but lacks them");
    }
    return new ServedGraph(
        graph.getGraphDef(),
        inputs,
        feeds,
        outputs,
        graph.getSaverDef().getFilenameTensorName(),
        graph.getSaverDef().getRestoreOpName());
  }

  private static ColumnSpec column(BundleFiles files, String name, TensorInfo tensor)
      throws BundleException {
    for (ElementType type : ElementType.values()) {
      if (type.dataType() == tensor.getDtypeValue()) {
        try {
          return new ColumnSpec(name, type, shape(files, name, tensor));
        } catch (IllegalArgumentException e) {
          throw files.refuse(e.getMessage(), e);
        }
      }
    }
    throw files.refuse(
        "input '%s' must be of numbers, but is of %s".formatted(name, tensor.getDtype()));
  }

  private static ModelOutput output(
      BundleFiles files, String name, TensorInfo tensor, LabelShapes labels)
      throws BundleException {
    if (tensor.getDtype() != DataType.DT_FLOAT) {
      throw files.refuse(
          "output '%s' must be of float32, but is of %s".formatted(name, tensor.getDtype()));
    }
    List<Integer> shape = shape(files, name, tensor);
    for (ModelOutput.Kind kind : ModelOutput.Kind.values()) {
      String word = kind.name().toLowerCase(Locale.ROOT);
      if (name.equals(word) || name.endsWith("_" + word)) {
        String label = name.substring(0, Math.max(0, name.length() - word.length() - 1));
        int elements = shape.stream().reduce(1, (a, b) -> a * b);
        boolean oneLogit =
            kind != ModelOutput.Kind.PREDICTIONS
                && (shape.isEmpty() || elements == labels.elements(label));
        return new ModelOutput(name, label, kind, tensor.getName(), shape, oneLogit);
      }
    }
    throw files.refuse("outputs must be logits, probabilities or predictions, but one is: " + name);
  }

  private static List<Integer> shape(BundleFiles files, String name, TensorInfo tensor)
      throws BundleException {
    List<TensorShapeProto.Dim> dims = tensor.getTensorShape().getDimList();
    if (dims.isEmpty()
        || dims.stream().skip(1).anyMatch(dim -> dim.getSize() <= 0 || dim.getSize() > 1 << 28)) {
      throw files.refuse(
          "'%s' must have examples of a known shape, but has: %s"
              .formatted(name, dims.stream().map(TensorShapeProto.Dim::getSize).toList()));
    }
    return dims.stream().skip(1).map(dim -> (int) dim.getSize()).toList();
  }
}
