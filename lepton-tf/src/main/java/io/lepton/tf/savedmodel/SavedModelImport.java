package io.lepton.tf.savedmodel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.TensorProto;

/**
 * Reads an inference SavedModel, as {@code model.export(directory)} of Keras 3, {@code
 * model.save(directory)} of Keras 2 and {@code tf.saved_model.save} write it, so that it can be
 * trained without Python.
 *
 * <p>Functions are inlined and loops of known length unrolled, since TensorFlow's C++ library
 * differentiates neither. Training starts from the values that were exported.
 */
public final class SavedModelImport {
  private final SavedModelFile file;
  private final ImportOptions options;
  private final Checkpoint checkpoint;
  private final Set<String> notes = new TreeSet<>();

  private SavedModelImport(SavedModelFile file, ImportOptions options) {
    this.file = file;
    this.options = options;
    this.checkpoint = Checkpoint.of(file);
  }

  /**
   * Reads a SavedModel.
   *
   * @throws ImportException if it cannot be trained as the options say
   * @throws IOException if a file cannot be read
   */
  public static ImportedModel read(Path directory, ImportOptions options) throws IOException {
    SavedModelFile file = SavedModelFile.read(directory);
    SavedModelImport reading = new SavedModelImport(file, options);
    return options.training() instanceof TrainingMode.Gradients gradients
        ? reading.readGradients(gradients.options())
        : reading.read();
  }

  private ImportedModel read() {
    FlatEndpoint inference = inference();
    Set<String> trainable = trainable(inference.variables());
    FlatEndpoint training = training(inference, trainable);
    trainable.addAll(trainable(training.variables()));
    Set<String> read = new TreeSet<>(inference.variables());
    read.addAll(training.variables());
    Map<String, TensorProto> values = checkpoint.values(read);
    Set<String> reached = reached(training, trainable);
    Map<String, String> kept = new HashMap<>();
    List<ImportedVariable> variables = new ArrayList<>();
    for (String variable : order(training, read)) {
      boolean learned = reached.contains(variable);
      if (learned || isState(training, variable, values)) {
        kept.put(variable, checkpoint.uniqueName(variable, kept.values()));
        variables.add(ImportedVariable.of(kept.get(variable), learned, values.get(variable)));
      }
    }
    tell(read, trainable, reached, kept.keySet());
    notes.addAll(training.notes());
    return new ImportedModel(
        inference.inputs().all(),
        outputs(inference),
        variables,
        graph(inference, kept, values),
        graph(training, kept, values),
        null,
        List.copyOf(notes));
  }

  /** The variables are those of the signature; all else that inference reads is constant. */
  private ImportedModel readGradients(GradientOptions wanted) {
    FlatEndpoint inference = inference();
    ImportedGradients gradients = SavedModelGradients.read(file, checkpoint, wanted);
    Map<String, String> kept = new HashMap<>();
    gradients
        .handles()
        .forEach((node, name) -> kept.put(checkpoint.aliases().getOrDefault(node, node), name));
    FlatGraph graph = graph(inference, kept, checkpoint.values(inference.variables()));
    notes.add("training computes the loss and gradients of endpoint " + wanted.endpoint());
    notes.addAll(gradients.notes());
    return new ImportedModel(
        inference.inputs().all(),
        outputs(inference),
        gradients.variables(),
        graph,
        graph,
        gradients,
        List.copyOf(notes));
  }

  private FlatEndpoint inference() {
    return FlatEndpoint.of(file, checkpoint, options.endpoint(), options.shapes())
        .withoutAssignments();
  }

  private static List<ImportedModel.Output> outputs(FlatEndpoint inference) {
    return inference.shapes().entrySet().stream()
        .map(
            output ->
                new ImportedModel.Output(
                    output.getKey(),
                    output.getValue(),
                    inference.logits().containsKey(output.getKey())))
        .toList();
  }

  private FlatEndpoint training(FlatEndpoint inference, Set<String> trainable) {
    if (options.training() instanceof TrainingMode.BatchStatistics batch) {
      Set<String> statistics = new HashSet<>(inference.variables());
      statistics.removeAll(trainable);
      FlatEndpoint rewritten = BatchStatistics.rewrite(inference, statistics, batch.momentum());
      statistics.removeAll(rewritten.assigned().keySet());
      List<String> missed =
          statistics.stream()
              .map(checkpoint::name)
              .filter(name -> name.endsWith("moving_variance"))
              .sorted()
              .toList();
      if (!missed.isEmpty() || rewritten.assigned().isEmpty()) {
        throw new ImportException(
            "batch normalization must be written as Keras does over the last dimension to train its statistics, but that of %s is not; export an endpoint with training=True and name it, or train as exported"
                .formatted(missed.isEmpty() ? "no layer" : missed));
      }
      notes.add(
          "batch normalization uses the statistics of the batch while training and moves its own with momentum %s: %d variables"
              .formatted(batch.momentum(), rewritten.assigned().size()));
      return rewritten;
    }
    if (options.training() instanceof TrainingMode.Endpoint endpoint) {
      FlatEndpoint training = FlatEndpoint.of(file, checkpoint, endpoint.name(), options.shapes());
      requireAlike(inference, training);
      notes.add("training computes what endpoint %s computes".formatted(endpoint.name()));
      return training;
    }
    notes.add(
        "training computes what inference computes: batch normalization keeps its statistics, nothing is dropped out");
    return inference;
  }

  private void requireAlike(FlatEndpoint inference, FlatEndpoint training) {
    if (!inference.inputs().all().equals(training.inputs().all())
        || !inference.shapes().equals(training.shapes())) {
      throw new ImportException(
          "endpoints for training and inference must have the same inputs and outputs, but %s has %s → %s and %s has %s → %s; export them from one model with one input signature"
              .formatted(
                  options.endpoint(),
                  inference.inputs().all(),
                  inference.shapes(),
                  training.inputs().endpoint(),
                  training.inputs().all(),
                  training.shapes()));
    }
  }

  /** Those that are not known not to be. */
  private Set<String> trainable(Set<String> variables) {
    Set<String> trainable = new HashSet<>();
    for (String variable : variables) {
      if (checkpoint.find(variable).map(SavedVariable::getTrainable).orElse(true)) {
        trainable.add(variable);
      }
    }
    return trainable;
  }

  private Set<String> reached(FlatEndpoint training, Set<String> trainable) {
    Set<String> reached =
        Differentiability.reached(
            training.graph(),
            training.outputs().values().stream().map(Value.Tensor::node).toList(),
            trainable);
    if (reached.isEmpty()) {
      throw new ImportException(
          "a model must have a trainable variable that its outputs depend on, but endpoint %s has none among its %d variables; export it with trainable = True"
              .formatted(training.inputs().endpoint(), training.variables().size()));
    }
    return reached;
  }

  private static boolean isState(
      FlatEndpoint training, String variable, Map<String, TensorProto> values) {
    return training.assigned().containsKey(variable)
        && values.get(variable).getDtype() == DataType.DT_FLOAT;
  }

  /** Weights come in the order in which they are read. */
  private static List<String> order(FlatEndpoint training, Set<String> read) {
    List<String> order = new ArrayList<>(training.variables());
    read.stream().filter(variable -> !order.contains(variable)).forEach(order::add);
    return order;
  }

  private void tell(
      Set<String> read, Set<String> trainable, Set<String> reached, Set<String> kept) {
    String frozen =
        read.stream()
            .filter(variable -> !trainable.contains(variable) && !kept.contains(variable))
            .map(checkpoint::name)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!frozen.isEmpty()) {
      notes.add("not trainable and kept as exported: " + frozen);
    }
    for (String variable : trainable) {
      if (!reached.contains(variable)) {
        notes.add("kept as exported, as no gradient reaches it: " + checkpoint.name(variable));
      }
    }
  }

  // ---- graphs

  private static FlatGraph graph(
      FlatEndpoint endpoint, Map<String, String> kept, Map<String, TensorProto> values) {
    Map<String, DataType> seeds = new TreeMap<>();
    GraphDef.Builder fixed = GraphDef.newBuilder();
    for (NodeDef node : endpoint.graph().getNodeList()) {
      TensorProto value = values.get(node.getName());
      if (value == null || kept.containsKey(node.getName())) {
        fixed.addNode(node);
      } else if (isSeed(endpoint, node.getName(), value)) {
        seeds.put(node.getName(), value.getDtype());
        fixed.addNode(node);
      } else {
        fixed.addNode(Constants.node(node.getName(), value));
      }
    }
    Map<String, String> variables = new HashMap<>();
    kept.forEach(
        (variable, name) -> {
          if (endpoint.variables().contains(variable)) {
            variables.put(name, variable);
          }
        });
    Map<String, String> effects = new TreeMap<>();
    endpoint
        .assigned()
        .forEach(
            (variable, tensor) -> {
              if (kept.containsKey(variable)) {
                effects.put(kept.get(variable), tensor.toString());
              }
            });
    return new FlatGraph(
        fixed.build().toByteArray(),
        endpoint.inputs().placeholders(),
        variables,
        seeds,
        strings(endpoint.outputs()),
        strings(endpoint.logits()),
        effects);
  }

  private static boolean isSeed(FlatEndpoint endpoint, String variable, TensorProto value) {
    return endpoint.assigned().containsKey(variable)
        && value.getDtype() != DataType.DT_FLOAT
        && SignatureInputs.dimensions(value.getTensorShape()).equals(List.of(2));
  }

  private static Map<String, String> strings(Map<String, Value.Tensor> tensors) {
    Map<String, String> names = new HashMap<>();
    tensors.forEach((name, tensor) -> names.put(name, tensor.toString()));
    return names;
  }
}
