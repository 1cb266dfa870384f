package io.lepton.tf.model;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.ImportedGradients;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.ImportedVariable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** The graph of a program whose loss and gradients come out of a SavedModel. */
final class GradientProgram {
  private final GradientSpec spec;
  private final List<Variable> variables;
  private final int slots;
  private final Graph graph;
  private final Ops tf;
  private final NamedOps ops;
  private final Map<String, Operation> handles = new LinkedHashMap<>();
  private final List<Operation> assigns = new ArrayList<>();

  private GradientProgram(GradientSpec spec, List<Variable> variables, int slots, Graph graph) {
    this.spec = spec;
    this.variables = variables;
    this.slots = slots;
    this.graph = graph;
    this.tf = Ops.create(graph);
    this.ops = new NamedOps(graph);
  }

  static CompiledModel compile(GradientSpec spec, int slots) {
    spec.model().inputs().forEach(spec::column);
    List<Weight> weights = spec.weights();
    List<Slot> state = OptimizerState.of(spec.learning(), weights);
    List<Variable> variables = ParameterLayout.of(weights, List.of(), state);
    try (Graph graph = new Graph()) {
      TrainingProgram program = new GradientProgram(spec, variables, slots, graph).build();
      ByteBuffer initial = InitialValues.vector(weights, state, variables, program.vectorSize(), 0);
      for (int i = 0; i < weights.size(); i++) {
        int offset = Math.toIntExact(variables.get(i).offset());
        initial.asFloatBuffer().put(offset, spec.model().variables().get(i).values());
      }
      return new CompiledModel(program, initial, List.of());
    }
  }

  private TrainingProgram build() {
    Operand<TInt32> indices = ops.placeholder("indices", DataType.DT_INT32, -1).output(0);
    Operand<TFloat32> learningRate = ops.placeholder("learning_rate", DataType.DT_FLOAT).output(0);
    Operand<TInt64> step = ops.placeholder("step", DataType.DT_INT64).output(0);
    ops.placeholder("seed", DataType.DT_INT64, ProgramGraph.SEEDS);
    Columns columns = Columns.emit(tf.withSubScope("batch"), ops, spec.columns(), indices, slots);
    emitVariables();

    Ops model = tf.withSubScope("model");
    ImportedGradients.Emitted emitted =
        spec.model().emit(graph, model, inputs(model, columns), weightHandles());
    assigns.addAll(emitted.constants());
    ops.group("assign", assigns);
    Operand<TFloat64> count = tf.dtypes.cast(tf.size(indices), TFloat64.class);
    Operand<TFloat64> mean = InputGraph.cast(tf, emitted.loss().asOutput(), TFloat64.class);
    BatchSums sums = new BatchSums(tf.math.mul(mean, count), count, List.of(), List.of());
    ops.identity("train_summary", sums.vector(model), List.of());
    ops.identity("evaluate_summary", sums.vector(model), List.of());
    Updates updates =
        new Updates(
            tf.withSubScope("optimizer"),
            spec.learning(),
            spec.weights(),
            handles,
            learningRate,
            step);
    Operand<TFloat32> batchWeight = model.dtypes.cast(count, TFloat32.class);
    ops.group("train", updates.emit(gradients(emitted), batchWeight));
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
        List.of(),
        variables,
        "assign");
  }

  private void emitVariables() {
    for (Variable variable : variables) {
      Operation handle = ops.variable(variable.name(), DataType.DT_FLOAT, variable.dimensions());
      handles.put(variable.name(), handle);
      assigns.add(ops.assignFeed(handle, DataType.DT_FLOAT, variable.dimensions()));
      ops.read(handle, DataType.DT_FLOAT);
    }
  }

  private Map<String, Operation> weightHandles() {
    Map<String, Operation> weights = new HashMap<>();
    for (ImportedVariable variable : spec.model().variables()) {
      weights.put(variable.name(), handles.get(spec.name() + "/" + variable.name()));
    }
    return weights;
  }

  private Map<String, Operand<?>> inputs(Ops scope, Columns columns) {
    Map<String, Operand<?>> inputs = new HashMap<>();
    for (ImportedModel.Input input : spec.model().inputs()) {
      Operand<? extends TType> stored = columns.batch(input.name());
      inputs.put(input.name(), ImportedGraph.cast(scope, input.type(), stored));
    }
    return inputs;
  }

  private Map<String, Gradient> gradients(ImportedGradients.Emitted emitted) {
    Map<String, Gradient> gradients = new LinkedHashMap<>();
    for (Weight weight : spec.weights()) {
      Operand<?> gradient = emitted.gradients().get(gradients.size());
      gradients.put(
          weight.name(), Gradient.whole(gradient.op().output(gradient.asOutput().index())));
    }
    return gradients;
  }
}
