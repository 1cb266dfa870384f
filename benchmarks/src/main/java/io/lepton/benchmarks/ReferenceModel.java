package io.lepton.benchmarks;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import java.util.List;

/** The models of {@code keras_loop.py}, trained by Adam at 1e-3. */
enum ReferenceModel {
  /** 784-1024-1024-10. */
  MLP(
      128,
      new ColumnSpec("x", ElementType.FLOAT32, List.of(784)),
      10,
      dense(1024, Activation.RELU),
      dense(1024, Activation.RELU),
      dense(10, Activation.LINEAR)),

  /** A convolution of 32 filters on 32×32×3 bytes, pooled. */
  CNN(
      32,
      new ColumnSpec("x", ElementType.UINT8, List.of(32, 32, 3)),
      10,
      new Layer.Rescaling(1 / 255.0, 0),
      new Layer.Conv2d(32, 3, 1, Padding.VALID, Activation.RELU, true),
      new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
      new Layer.Flatten(),
      dense(10, Activation.LINEAR)),

  /** 28-64-2. */
  NARROW(
      1024,
      new ColumnSpec("x", ElementType.FLOAT32, List.of(28)),
      2,
      dense(64, Activation.RELU),
      dense(2, Activation.LINEAR));

  private final int batch;
  private final ColumnSpec input;
  private final int classes;
  private final List<Layer> layers;

  ReferenceModel(int batch, ColumnSpec input, int classes, Layer... layers) {
    this.batch = batch;
    this.input = input;
    this.classes = classes;
    this.layers = List.of(layers);
  }

  int batch() {
    return batch;
  }

  int classes() {
    return classes;
  }

  ModelSpec spec() {
    return ModelSpec.chain(
        input,
        new ColumnSpec("y", ElementType.INT32, List.of()),
        false,
        layers,
        new Loss.Softmax(classes),
        new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));
  }

  private static Layer dense(int units, Activation activation) {
    return new Layer.Dense(units, activation, true);
  }
}
