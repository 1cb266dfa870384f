package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Emits recurrent layers, step after step.
 *
 * @param x the input, all examples of a step after those of the one before, {@code [steps·n,
 *     channels]}
 * @param mask of each step {@code [n, 1]}; none without a mask
 */
record RecurrentGraph(int steps, Operand<TFloat32> x, List<Operand<TBool>> mask) {
  /**
   * Emits one.
   *
   * @param input shape of the first input
   * @param weights by their names within the layer
   */
  static Operand<TFloat32> emit(
      Ops tf,
      RecurrentLayer layer,
      List<Operand<TFloat32>> inputs,
      List<Integer> input,
      Function<String, Operand<TFloat32>> weights) {
    RecurrentGraph graph = of(tf, inputs, input);
    if (layer instanceof RecurrentLayer.OneWay one) {
      CellGraph cell = CellGraph.of(tf, one.cell(), weights);
      return output(tf, layer, graph.read(tf, cell, one.goBackwards()));
    }
    if (layer instanceof RecurrentLayer.Bidirectional both) {
      Operand<TFloat32> merged = graph.bothWays(tf, both, weights);
      return both.returnSequences() && inputs.size() == 2
          ? tf.math.mul(merged, tf.expandDims(inputs.get(1), tf.constant(2)))
          : merged;
    }
    throw new AssertionError(layer);
  }

  private static RecurrentGraph of(Ops tf, List<Operand<TFloat32>> inputs, List<Integer> input) {
    int steps = input.get(0);
    Operand<TFloat32> byStep = tf.linalg.transpose(inputs.get(0), tf.constant(new int[] {1, 0, 2}));
    Operand<TFloat32> x = tf.reshape(byStep, tf.constant(new int[] {-1, input.get(1)}));
    return new RecurrentGraph(
        steps, x, inputs.size() == 1 ? List.of() : masks(tf, inputs.get(1), steps));
  }

  private static List<Operand<TBool>> masks(Ops tf, Operand<TFloat32> mask, int steps) {
    Operand<TFloat32> byStep =
        tf.expandDims(tf.linalg.transpose(mask, tf.constant(new int[] {1, 0})), tf.constant(2));
    return tf.unstack(tf.math.notEqual(byStep, tf.constant(0f)), (long) steps).output().stream()
        .<Operand<TBool>>map(step -> step)
        .toList();
  }

  private Operand<TFloat32> bothWays(
      Ops tf, RecurrentLayer.Bidirectional layer, Function<String, Operand<TFloat32>> weights) {
    CellGraph ahead = CellGraph.of(tf, layer.cell(), name -> weights.apply("forward/" + name));
    CellGraph back = CellGraph.of(tf, layer.cell(), name -> weights.apply("backward/" + name));
    List<Operand<TFloat32>> behind = new ArrayList<>(read(tf, back, true));
    if (layer.returnSequences()) {
      Collections.reverse(behind);
    }
    return merge(
        tf, layer.merge(), output(tf, layer, read(tf, ahead, false)), output(tf, layer, behind));
  }

  /** The output after each step, in the order of reading. */
  private List<Operand<TFloat32>> read(Ops tf, CellGraph cell, boolean backwards) {
    List<Operand<TFloat32>> in = byStep(tf, cell.project(tf, x));
    List<Operand<TFloat32>> outputs = new ArrayList<>();
    List<Operand<TFloat32>> state = List.of();
    for (int i = 0; i < steps; i++) {
      int step = backwards ? steps - 1 - i : i;
      List<Operand<TFloat32>> after = cell.step(tf, in.get(step), state);
      state = mask.isEmpty() ? after : keep(tf, mask.get(step), after, state);
      outputs.add(state.get(0));
    }
    return outputs;
  }

  private static List<Operand<TFloat32>> keep(
      Ops tf, Operand<TBool> there, List<Operand<TFloat32>> after, List<Operand<TFloat32>> before) {
    List<Operand<TFloat32>> kept = new ArrayList<>();
    for (Operand<TFloat32> part : after) {
      Operand<TFloat32> old = before.isEmpty() ? tf.constant(0f) : before.get(kept.size());
      kept.add(tf.select(there, part, old));
    }
    return kept;
  }

  private List<Operand<TFloat32>> byStep(Ops tf, Operand<TFloat32> projected) {
    return tf.split(tf.constant(0), projected, (long) steps).output().stream()
        .<Operand<TFloat32>>map(step -> step)
        .toList();
  }

  private static Operand<TFloat32> output(
      Ops tf, RecurrentLayer layer, List<Operand<TFloat32>> outputs) {
    return layer.returnSequences()
        ? tf.stack(outputs, Stack.axis(1L))
        : outputs.get(outputs.size() - 1);
  }

  private static Operand<TFloat32> merge(
      Ops tf, RecurrentLayer.Merge merge, Operand<TFloat32> ahead, Operand<TFloat32> back) {
    return switch (merge) {
      case CONCAT -> tf.concat(List.of(ahead, back), tf.constant(-1));
      case SUM -> tf.math.add(ahead, back);
      case MUL -> tf.math.mul(ahead, back);
      case AVE -> tf.math.mul(tf.math.add(ahead, back), tf.constant(0.5f));
    };
  }
}
