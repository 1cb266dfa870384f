package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.FilePrefix;
import io.lepton.tf.ServingSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.Variable.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** The graph of a SavedModel: the layers without dropout, their variables and a saver of them. */
final class ServingGraph implements AutoCloseable {
  private static final String PREDICT = "tensorflow/serving/predict";

  private final Graph graph = new Graph();
  private final List<ColumnSpec> columns;
  private final List<Operation> inputs = new ArrayList<>();
  private final Map<Weight, Operation> reads = new LinkedHashMap<>();
  private final VariableSaver saver;
  private final Map<String, Served> outputs = new LinkedHashMap<>();

  /** An output and its shape for one example. */
  private record Served(Operand<TFloat32> value, List<Integer> shape) {}

  ServingGraph(ModelSpec spec, Network network) {
    Ops tf = Ops.create(graph);
    NamedOps ops = new NamedOps(graph);
    columns = spec.inputs().stream().map(ModelInput::column).toList();
    for (ColumnSpec column : columns) {
      String name = "input_" + inputs.size();
      inputs.add(ops.placeholder(name, Columns.dataType(column), column.tensorShape(-1)));
    }
    List<Operation> handles = new ArrayList<>();
    Map<String, Operand<TFloat32>> weights = new LinkedHashMap<>();
    for (Weight weight : network.weights()) {
      Operation handle = ops.variable(weight.name(), DataType.DT_FLOAT, weight.dimensions());
      Operation read = ops.read(handle, DataType.DT_FLOAT);
      handles.add(handle);
      reads.put(weight, read);
      weights.put(weight.name(), read.output(0));
    }
    saver = VariableSaver.emit(tf, ops, handles, List.copyOf(reads.values()));
    Ops model = tf.withSubScope("model");
    Map<String, Operand<TType>> stored = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      stored.put(columns.get(i).name(), inputs.get(i).output(0));
    }
    BatchInputs prepared = BatchInputs.prepare(model, spec.inputs(), stored::get);
    Map<String, Operand<TFloat32>> values =
        new LayerGraph(network, weights).emit(model, prepared.values());
    for (Target target : spec.targets()) {
      Network.Part last = network.part(target.output());
      String prefix = spec.targets().size() == 1 ? "" : target.name() + "_";
      serve(tf, prefix, target, new Served(values.get(last.name()), last.shape()));
    }
  }

  private void serve(Ops tf, String prefix, Target target, Served last) {
    if (!(target.loss() instanceof ClassLoss loss)) {
      boolean logarithms = target.loss() instanceof MeasuredLoss.Poisson;
      Operand<TFloat32> predictions = logarithms ? tf.math.exp(last.value()) : last.value();
      outputs.put(prefix + "predictions", new Served(predictions, last.shape()));
      return;
    }
    outputs.put(prefix + "logits", last);
    if (!(loss instanceof ClassLoss.Hinge)) {
      boolean oneLogit = Shapes.elements(last.shape()) == Shapes.elements(target.label().shape());
      Operand<TFloat32> probabilities =
          oneLogit ? tf.math.sigmoid(last.value()) : tf.nn.softmax(last.value());
      outputs.put(prefix + "probabilities", new Served(probabilities, last.shape()));
    }
  }

  /**
   * Writes the values as those of the variables to files whose names start with the prefix; lends
   * them.
   */
  void save(Path prefix, Map<String, FlatVector> values) {
    List<String> feeds = reads.values().stream().map(read -> read.name() + ":0").toList();
    GraphDef named = FilePrefix.set(graph.toGraphDef(), saver.filename().name(), prefix);
    CopyLedger ledger = new CopyLedger();
    List<TensorLease> leases = new ArrayList<>();
    try (ServingSession session =
        new ServingSession(GraphBytes.of(named), feeds, List.of(), SessionOptions.SINGLE_THREAD)) {
      for (Weight weight : reads.keySet()) {
        leases.add(values.get(weight.name()).lend(0, weight.dimensions(), ledger));
      }
      session.run(saver.save().name(), leases);
    } finally {
      leases.forEach(TensorLease::close);
    }
  }

  SavedModel toSavedModel() {
    MetaGraphDef.MetaInfoDef info =
        MetaGraphDef.MetaInfoDef.newBuilder()
            .addTags("serve")
            .setTensorflowVersion(TensorFlow.version())
            .build();
    MetaGraphDef graphs =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(info)
            .setGraphDef(graph.toGraphDef())
            .setSaverDef(saver.toSaverDef())
            .putCollectionDef("variables", VariableSaver.toCollectionDef(reads.keySet().stream()))
            .putCollectionDef(
                "trainable_variables",
                VariableSaver.toCollectionDef(
                    reads.keySet().stream().filter(weight -> weight.role() == Role.WEIGHT)))
            .putSignatureDef("serving_default", signature())
            .build();
    return SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(graphs).build();
  }

  private SignatureDef signature() {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(PREDICT);
    for (int i = 0; i < columns.size(); i++) {
      ColumnSpec column = columns.get(i);
      signature.putInputs(
          column.name(), info(inputs.get(i), 0, Columns.dataType(column), column.shape()));
    }
    outputs.forEach(
        (name, output) ->
            signature.putOutputs(
                name,
                info(
                    output.value().op(),
                    output.value().asOutput().index(),
                    DataType.DT_FLOAT,
                    output.shape())));
    return signature.build();
  }

  private static TensorInfo info(
      Operation operation, int index, DataType type, List<Integer> example) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(-1));
    example.forEach(size -> shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
    return TensorInfo.newBuilder()
        .setName(operation.name() + ":" + index)
        .setDtype(type)
        .setTensorShape(shape)
        .build();
  }

  @Override
  public void close() {
    graph.close();
  }
}
