package io.lepton.tf.model;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** The graph of a training program while it is built. */
final class ProgramGraph {
  private final ModelSpec spec;
  private final Network network;
  private final List<Variable> variables;
  private final Graph graph;
  private final Ops tf;
  private final NamedOps ops;
  private final Map<String, Operation> handles = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> weights = new LinkedHashMap<>();

  private ProgramGraph(ModelSpec spec, Network network, List<Variable> variables, Graph graph) {
    this.spec = spec;
    this.network = network;
    this.variables = variables;
    this.graph = graph;
    this.tf = Ops.create(graph);
    this.ops = new NamedOps(graph);
  }

  static TrainingProgram build(ModelSpec spec, Network network, List<Variable> variables) {
    try (Graph graph = new Graph()) {
      return new ProgramGraph(spec, network, variables, graph).build();
    }
  }

  private TrainingProgram build() {
    Operand<TInt32> indices = ops.placeholder("indices", DataType.DT_INT32, -1).output(0);
    Operand<TFloat32> learningRate = ops.placeholder("learning_rate", DataType.DT_FLOAT).output(0);
    Operand<TInt64> step = ops.placeholder("step", DataType.DT_INT64).output(0);
    Operand<TInt64> seed = ops.placeholder("seed", DataType.DT_INT64, 2).output(0);

    Columns columns = Columns.emit(tf.withSubScope("batch"), ops, Columns.of(spec), indices);
    ops.group("load", columns.assigns());
    emitVariables();

    Operand<TInt32> count = tf.size(indices);
    TargetGraph targets = new TargetGraph(spec, network, columns);
    Ops training = tf.withSubScope("training");
    BatchSums trained =
        sums(
            training,
            targets,
            count,
            new SeededDropout(seed, count),
            targets.classWeights(training));
    Ops evaluation = tf.withSubScope("evaluation");
    BatchSums evaluated = sums(evaluation, targets, count, DropoutRule.OFF, Optional.empty());
    ops.identity("train_summary", trained.vector(training), List.of());
    ops.identity("evaluate_summary", evaluated.vector(evaluation), List.of());
    UpdateRule rule =
        UpdateRule.of(tf.withSubScope("optimizer"), spec.optimizer(), learningRate, step);
    emitUpdates(rule, trained.meanLoss(training));

    return new TrainingProgram(
        GraphBytes.of(graph),
        columns.specs(),
        columns.feeds(),
        Columns.firstExampleFeed(),
        "load",
        "indices:0",
        "learning_rate:0",
        "step:0",
        "seed:0",
        "train",
        "train_summary:0",
        "evaluate_summary:0",
        spec.metrics(),
        variables,
        "assign");
  }

  private void emitVariables() {
    List<Operation> assigns = new ArrayList<>();
    for (Variable variable : variables) {
      Operation handle = ops.variable(variable.name(), DataType.DT_FLOAT, variable.dimensions());
      handles.put(variable.name(), handle);
      assigns.add(ops.assignFeed(handle, DataType.DT_FLOAT, variable.dimensions()));
      Operation read = ops.read(handle, DataType.DT_FLOAT);
      if (variable.trainable()) {
        weights.put(variable.name(), read.output(0));
      }
    }
    ops.group("assign", assigns);
  }

  private BatchSums sums(
      Ops scope,
      TargetGraph targets,
      Operand<TInt32> count,
      DropoutRule dropout,
      Optional<Operand<TFloat64>> classWeights) {
    Map<String, Operand<? extends TType>> inputs = new LinkedHashMap<>();
    for (ModelInput input : spec.inputs()) {
      Operand<TType> stored = targets.columns().batch(input.name());
      inputs.put(input.name(), InputGraph.emit(scope, input, stored));
    }
    Map<String, Operand<TFloat32>> values =
        new LayerGraph(network, weights).emit(scope, inputs, dropout);
    LossGraph examples = targets.emit(scope, values);
    Stream<Operand<TFloat64>> stored =
        spec.weighted()
            ? Stream.of(toDouble(scope, targets.columns().batch(Columns.WEIGHT)))
            : Stream.empty();
    return Stream.concat(stored, classWeights.stream())
        .reduce((a, b) -> scope.math.mul(a, b))
        .map(factors -> BatchSums.weighted(scope, examples, factors))
        .orElseGet(() -> BatchSums.of(scope, examples, toDouble(scope, count)));
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> value) {
    return tf.dtypes.cast(value, TFloat64.class);
  }

  private void emitUpdates(UpdateRule rule, Operand<TFloat64> loss) {
    Output<?>[] gradients =
        graph.addGradients(
            "optimizer/gradients",
            new Output<?>[] {loss.asOutput()},
            weights.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new),
            null);
    List<String> slots = UpdateRule.slots(spec.optimizer());
    List<Operation> updates = new ArrayList<>();
    for (String weight : weights.keySet()) {
      Output<?> gradient = gradients[updates.size()];
      updates.add(
          rule.update(
              handles.get(weight),
              slots.stream().map(slot -> handles.get(weight + "/" + slot)).toList(),
              gradient.op().output(gradient.index())));
    }
    ops.group("train", updates);
  }
}
