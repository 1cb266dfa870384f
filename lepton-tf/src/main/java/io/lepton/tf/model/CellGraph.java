package io.lepton.tf.model;

import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Emits the cell of a recurrent layer. A state begins with the output; before all steps it has none
 * of its parts.
 */
interface CellGraph {
  /**
   * What goes into all steps at once.
   *
   * @param x {@code [n, channels]}
   * @return {@code [n, parts·units]}
   */
  Operand<TFloat32> project(Ops tf, Operand<TFloat32> x);

  /**
   * The state after a step.
   *
   * @param projected that of {@link #project}
   */
  List<Operand<TFloat32>> step(Ops tf, Operand<TFloat32> projected, List<Operand<TFloat32>> before);

  /** With weights by the last part of their names. */
  static CellGraph of(
      Ops tf, RecurrentLayer.Cell cell, Function<String, Operand<TFloat32>> weights) {
    Operand<TFloat32> kernel = weights.apply("kernel");
    Operand<TFloat32> recurrent = weights.apply("recurrent-kernel");
    Operand<TFloat32> bias = weights.apply("bias");
    if (cell == RecurrentLayer.Cell.LSTM) {
      return new Lstm(kernel, recurrent, bias);
    }
    List<Operand<TFloat32>> biases =
        tf.unstack(bias, 2L).output().stream().<Operand<TFloat32>>map(it -> it).toList();
    return new Gru(kernel, recurrent, biases.get(0), biases.get(1));
  }

  /** State: output and memory. */
  record Lstm(Operand<TFloat32> kernel, Operand<TFloat32> recurrent, Operand<TFloat32> bias)
      implements CellGraph {
    @Override
    public Operand<TFloat32> project(Ops tf, Operand<TFloat32> x) {
      return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
    }

    @Override
    public List<Operand<TFloat32>> step(
        Ops tf, Operand<TFloat32> projected, List<Operand<TFloat32>> before) {
      boolean first = before.isEmpty();
      Operand<TFloat32> sum =
          first ? projected : tf.math.add(projected, tf.linalg.matMul(before.get(0), recurrent));
      List<Operand<TFloat32>> parts = split(tf, sum, 4);
      Operand<TFloat32> added =
          tf.math.mul(tf.math.sigmoid(parts.get(0)), tf.math.tanh(parts.get(2)));
      Operand<TFloat32> memory =
          first
              ? added
              : tf.math.add(tf.math.mul(tf.math.sigmoid(parts.get(1)), before.get(1)), added);
      return List.of(tf.math.mul(tf.math.sigmoid(parts.get(3)), tf.math.tanh(memory)), memory);
    }
  }

  /** State: output. */
  record Gru(
      Operand<TFloat32> kernel,
      Operand<TFloat32> recurrent,
      Operand<TFloat32> bias,
      Operand<TFloat32> recurrentBias)
      implements CellGraph {
    @Override
    public Operand<TFloat32> project(Ops tf, Operand<TFloat32> x) {
      return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
    }

    @Override
    public List<Operand<TFloat32>> step(
        Ops tf, Operand<TFloat32> projected, List<Operand<TFloat32>> before) {
      boolean first = before.isEmpty();
      List<Operand<TFloat32>> in = split(tf, projected, 3);
      List<Operand<TFloat32>> back =
          split(
              tf,
              first
                  ? recurrentBias
                  : tf.nn.biasAdd(tf.linalg.matMul(before.get(0), recurrent), recurrentBias),
              3);
      Operand<TFloat32> update = tf.math.sigmoid(tf.math.add(in.get(0), back.get(0)));
      Operand<TFloat32> reset = tf.math.sigmoid(tf.math.add(in.get(1), back.get(1)));
      Operand<TFloat32> candidate =
          tf.math.tanh(tf.math.add(in.get(2), tf.math.mul(reset, back.get(2))));
      Operand<TFloat32> old = first ? tf.constant(0f) : before.get(0);
      return List.of(tf.math.add(candidate, tf.math.mul(update, tf.math.sub(old, candidate))));
    }
  }

  private static List<Operand<TFloat32>> split(Ops tf, Operand<TFloat32> value, int parts) {
    return tf.split(tf.constant(-1), value, (long) parts).output().stream()
        .<Operand<TFloat32>>map(part -> part)
        .toList();
  }
}
