package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns a model into a program.
 *
 * <p>Tensor ports of the program are named {@code op:0}, its operations {@code op}. Variables are
 * {@code conv2d_1/kernel}, {@code dense_4/bias} (after the node's name, by default kind and
 * position) and, beside each, the optimizer's {@code dense_4/kernel/m}. The column of example
 * weights, if there is one, is called {@code weight}.
 */
public final class ModelCompiler {
  private ModelCompiler() {}

  /**
   * Checks a model without compiling it.
   *
   * @throws ModelException if the model cannot be
   */
  public static void check(ModelSpec spec) {
    ModelRules.check(spec);
  }

  /** Checks a model and compiles it for steps on one chunk. */
  public static CompiledModel compile(ModelSpec spec, long seed) {
    return compile(spec, seed, 1);
  }

  /**
   * Checks a model and compiles it. Equal models give equal bytes, equal seeds equal parameters.
   *
   * @param seed of the initial weights: where the model names no {@link Initializer}, Glorot's
   *     uniform kernels, embeddings in ±0.05, biases of zeros
   * @param slots chunks that are loaded at a time
   * @throws ModelException if the model cannot be
   */
  public static CompiledModel compile(ModelSpec spec, long seed, int slots) {
    return compile(spec, seed, slots, Map.of());
  }

  /**
   * Checks a model and compiles it with values that some of its weights start from.
   *
   * @param values by the variable's name; weights that are not named start from the seed
   * @throws ModelException if the model cannot be, or values are not of its weights
   */
  public static CompiledModel compile(
      ModelSpec spec, long seed, int slots, Map<String, WeightValue> values) {
    return compile(spec, seed, slots, values, ComputeType.FLOAT32);
  }

  /** The same with casts in the program; equal seeds give equal weights. */
  public static CompiledModel compile(ModelSpec spec, long seed, int slots, ComputeType type) {
    return compile(spec, seed, slots, Map.of(), type);
  }

  /** The same with casts in the program; equal seeds give equal weights. */
  public static CompiledModel compile(
      ModelSpec spec, long seed, int slots, Map<String, WeightValue> values, ComputeType type) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be positive, but was: " + slots);
    }
    Network network = ModelRules.check(spec);
    type.check(network);
    List<Weight> weights = network.weights();
    List<Slot> optimizer = OptimizerState.of(spec.learning(), weights);
    List<Variable> variables = ParameterLayout.of(weights, type.state(), optimizer);
    List<Slot> state = new ArrayList<>(type.state());
    state.addAll(optimizer);
    TrainingProgram program = ProgramGraph.build(spec, network, variables, slots, type);
    FlatVector initial =
        InitialValues.vector(weights, state, variables, program.vectorSize(), seed);
    ImportedGraph.restore(network, variables, initial);
    WarmStart.put(values, variables, initial);
    return new CompiledModel(program, initial, network.summaries());
  }
}
