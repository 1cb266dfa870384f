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
  MLP(128, 10) {
    @Override
    ColumnSpec input() {
      return new ColumnSpec("x", ElementType.FLOAT32, List.of(784));
    }

    @Override
    List<Layer> layers() {
      return List.of(relu(1024), relu(1024), logits(10));
    }
  },

  /** A convolution of 32 filters on 32×32×3 bytes, pooled. */
  CNN(32, 10) {
    @Override
    ColumnSpec input() {
      return new ColumnSpec("x", ElementType.UINT8, List.of(32, 32, 3));
    }

    @Override
    List<Layer> layers() {
      return List.of(
          new Layer.Rescaling(1 / 255.0, 0),
          new Layer.Conv2d(32, 3, 1, Padding.VALID, Activation.RELU, true),
          new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
          new Layer.Flatten(),
          logits(10));
    }
  },

  /** 28-64-2. */
  NARROW(1024, 2) {
    @Override
    ColumnSpec input() {
      return new ColumnSpec("x", ElementType.FLOAT32, List.of(28));
    }

    @Override
    List<Layer> layers() {
      return List.of(relu(64), logits(2));
    }
  };

  private final int batch;
  private final int classes;

  ReferenceModel(int batch, int classes) {
    this.batch = batch;
    this.classes = classes;
  }

  abstract ColumnSpec input();

  abstract List<Layer> layers();

  int batch() {
    return batch;
  }

  int classes() {
    return classes;
  }

  ModelSpec spec() {
    return ModelSpec.chain(
        input(),
        new ColumnSpec("y", ElementType.INT32, List.of()),
        false,
        layers(),
        new Loss.Softmax(classes),
        new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));
  }

  private static Layer relu(int units) {
    return new Layer.Dense(units, Activation.RELU, true);
  }

  private static Layer logits(int units) {
    return new Layer.Dense(units, Activation.LINEAR, true);
  }
}
