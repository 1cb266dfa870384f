package io.lepton.tf.model;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.ImportedGradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** The graph of a training program while it is built. */
final class ProgramGraph {
  /** Seed and number of the step, key of the epoch. */
  static final int SEEDS = 3;

  private static final int EPOCH_KEY = 2;

  private final ModelSpec spec;
  private final Network network;
  private final List<Variable> variables;
  private final int slots;
  private final ComputeType type;
  private final Graph graph;
  private final Ops tf;
  private final NamedOps ops;
  private final Map<String, Operation> handles = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> weights = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> model = new LinkedHashMap<>();
  private final List<Operation> assigns = new ArrayList<>();
  private final StateUpdates state;

  private ProgramGraph(
      ModelSpec spec,
      Network network,
      List<Variable> variables,
      int slots,
      ComputeType type,
      Graph graph) {
    this.spec = spec;
    this.network = network;
    this.variables = variables;
    this.slots = slots;
    this.type = type;
    this.graph = graph;
    this.tf = Ops.create(graph);
    this.ops = new NamedOps(graph);
    this.state = new StateUpdates(spec.learning().options()::freezes);
  }

  static TrainingProgram build(
      ModelSpec spec, Network network, List<Variable> variables, int slots, ComputeType type) {
    try (Graph graph = new Graph()) {
      return new ProgramGraph(spec, network, variables, slots, type, graph).build();
    }
  }

  private TrainingProgram build() {
    Operand<TInt32> indices = ops.placeholder("indices", DataType.DT_INT32, -1).output(0);
    Operand<TFloat32> learningRate = ops.placeholder("learning_rate", DataType.DT_FLOAT).output(0);
    Operand<TInt64> step = ops.placeholder("step", DataType.DT_INT64).output(0);
    Operand<TInt64> seed = ops.placeholder("seed", DataType.DT_INT64, SEEDS).output(0);

    Columns columns = Columns.emit(tf.withSubScope("batch"), ops, Columns.of(spec), indices, slots);
    emitVariables();

    Operand<TInt32> count = tf.size(indices);
    TargetGraph targets = new TargetGraph(spec, network, columns);
    Ops training = tf.withSubScope("training");
    Ops optimizer = tf.withSubScope("optimizer");
    Optional<LossScale> scale =
        type.format() == ComputeType.Format.FLOAT16
            ? Optional.of(new LossScale(tf.withSubScope("scaling"), handles))
            : Optional.empty();
    Learned learned =
        network
            .signature()
            .map(signature -> callSignature(training, signature, columns, count, seed))
            .orElseGet(() -> differentiate(training, optimizer, targets, count, seed, scale));
    BatchSums trained = learned.sums();
    ops.group("assign", assigns);
    Ops evaluation = tf.withSubScope("evaluation");
    BatchSums evaluated = emitEvaluation(evaluation, targets, count);
    ops.identity("train_summary", trained.vector(training), List.of());
    ops.identity("evaluate_summary", evaluated.vector(evaluation), List.of());
    Operand<TFloat32> batchWeight = optimizer.dtypes.cast(trained.weight(), TFloat32.class);
    LossScale.Rule changes =
        (scope, means) -> changes(scope, means, batchWeight, learningRate, step);
    ops.group(
        "train",
        scale.isEmpty()
            ? changes.emit(optimizer, learned.gradients())
            : scale.get().step(learned.gradients(), changes));

    return new TrainingProgram(
        GraphBytes.of(graph),
        columns.specs(),
        columns.slots(),
        "indices:0",
        columns.counts(),
        "learning_rate:0",
        "step:0",
        "seed:0",
        "train",
        "train_summary:0",
        "evaluate_summary:0",
        MetricLayout.of(spec.losses()),
        variables,
        "assign");
  }

  /** What a batch says: its sums, and the gradient of its mean loss in each trained weight. */
  private record Learned(BatchSums sums, Map<String, Gradient> gradients) {}

  private Learned differentiate(
      Ops training,
      Ops optimizer,
      TargetGraph targets,
      Operand<TInt32> count,
      Operand<TInt64> seed,
      Optional<LossScale> scale) {
    Lookups lookups = lookups();
    BatchSums sums = emitTraining(training, targets, count, seed, lookups);
    Operand<TFloat64> meanLoss =
        PenaltyGraph.add(training, network, weights, sums.meanLoss(training));
    return new Learned(
        sums,
        new Gradients(graph, optimizer, weights, lookups)
            .of(scale.map(it -> it.scaled(meanLoss)).orElse(meanLoss), trained()));
  }

  private Learned callSignature(
      Ops training,
      ImportedGradients signature,
      Columns columns,
      Operand<TInt32> count,
      Operand<TInt64> seed) {
    BatchInputs prepared = BatchInputs.prepare(training, spec.inputs(), columns::batch);
    SignatureGraph.Emitted emitted =
        new SignatureGraph(graph, training, spec, network.part(""), signature, handles)
            .emit(augment(training, prepared, columns, seed), columns, toDouble(training, count));
    assigns.addAll(emitted.constants());
    Map<String, Gradient> gradients = new LinkedHashMap<>(emitted.gradients());
    gradients.keySet().retainAll(trained().stream().map(Weight::name).toList());
    return new Learned(emitted.sums(), gradients);
  }

  private List<Weight> trained() {
    return OptimizerState.trained(spec.learning(), network.weights());
  }

  private BatchInputs augment(
      Ops scope, BatchInputs prepared, Columns columns, Operand<TInt64> seed) {
    Operand<TInt64> epoch = scope.gather(seed, scope.constant(EPOCH_KEY), scope.constant(0));
    return prepared.augment(scope, spec.inputs(), epoch, columns.exampleIds());
  }

  private List<Operation> changes(
      Ops scope,
      Map<String, Gradient> means,
      Operand<TFloat32> batchWeight,
      Operand<TFloat32> learningRate,
      Operand<TInt64> step) {
    Updates updates =
        new Updates(scope, spec.learning(), network.weights(), handles, learningRate, step);
    List<Operation> changes = new ArrayList<>(updates.emit(means, batchWeight));
    changes.addAll(state.emit(scope, handles));
    return MaxNormGraph.after(scope, network, handles, changes);
  }

  private void emitVariables() {
    for (Variable variable : variables) {
      Operation handle = ops.variable(variable.name(), DataType.DT_FLOAT, variable.dimensions());
      handles.put(variable.name(), handle);
      assigns.add(ops.assignFeed(handle, DataType.DT_FLOAT, variable.dimensions()));
      Operation read = ops.read(handle, DataType.DT_FLOAT);
      if (variable.ofModel()) {
        model.put(variable.name(), read.output(0));
      }
      if (variable.trainable()) {
        weights.put(variable.name(), read.output(0));
      }
    }
  }

  private BatchSums emitTraining(
      Ops scope,
      TargetGraph targets,
      Operand<TInt32> count,
      Operand<TInt64> seed,
      Lookups lookups) {
    Columns columns = targets.columns();
    BatchInputs prepared = BatchInputs.prepare(scope, spec.inputs(), columns::batch);
    BatchInputs augmented = augment(scope, prepared, columns, seed);
    Operand<TInt64> stepSeed =
        scope.slice(seed, scope.constant(new int[] {0}), scope.constant(new int[] {EPOCH_KEY}));
    Map<String, Operand<TFloat32>> values =
        new LayerGraph(network, model, lookups, type)
            .train(scope, augmented.values(), new SeededDropout(stepSeed, count), state);
    LossGraph examples = targets.emit(scope, values, prepared, augmented.mixing());
    return sums(scope, columns, examples.withoutMeasures(), count, targets.classWeights(scope));
  }

  private Lookups lookups() {
    Set<String> byRow =
        network.weights().stream()
            .filter(weight -> Updates.byRow(spec.learning(), weight))
            .map(Weight::name)
            .collect(Collectors.toSet());
    return new Lookups(handles, weights, byRow);
  }

  private BatchSums emitEvaluation(Ops scope, TargetGraph targets, Operand<TInt32> count) {
    Columns columns = targets.columns();
    BatchInputs prepared = BatchInputs.prepare(scope, spec.inputs(), columns::batch);
    Map<String, Operand<TFloat32>> values =
        new LayerGraph(network, model, lookups(), type).emit(scope, prepared.values());
    LossGraph examples = targets.emit(scope, values, prepared, Optional.empty());
    return sums(scope, columns, examples, count, Optional.empty());
  }

  private BatchSums sums(
      Ops scope,
      Columns columns,
      LossGraph examples,
      Operand<TInt32> count,
      Optional<Operand<TFloat64>> classWeights) {
    Stream<Operand<TFloat64>> stored =
        spec.weighted()
            ? Stream.of(toDouble(scope, columns.batch(Columns.WEIGHT)))
            : Stream.empty();
    return Stream.concat(stored, classWeights.stream())
        .reduce((a, b) -> scope.math.mul(a, b))
        .map(factors -> BatchSums.weighted(scope, examples, factors))
        .orElseGet(() -> BatchSums.of(scope, examples, toDouble(scope, count)));
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> value) {
    return tf.dtypes.cast(value, TFloat64.class);
  }
}
