package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.List;
import java.util.Random;

/** Small models and what to feed them. */
final class Models {
  static final Optimizer SGD = new Optimizer.Sgd(0.1, 0);
  static final ColumnSpec CLASS = new ColumnSpec("label", ElementType.INT32, List.of());
  static final ColumnSpec NUMBER = new ColumnSpec("label", ElementType.FLOAT32, List.of());

  private Models() {}

  static ColumnSpec features(Integer... shape) {
    return new ColumnSpec("features", ElementType.FLOAT32, List.of(shape));
  }

  static ColumnSpec image(Integer... shape) {
    return new ColumnSpec("image", ElementType.UINT8, List.of(shape));
  }

  static Layer dense(int units) {
    return new Layer.Dense(units, Activation.LINEAR, true);
  }

  static Layer dense(int units, Activation activation) {
    return new Layer.Dense(units, activation, true);
  }

  static ModelSpec classifier(ColumnSpec input, int classes, Layer... layers) {
    return ModelSpec.chain(input, CLASS, false, List.of(layers), new Loss.Softmax(classes), SGD);
  }

  static ModelSpec binary(ColumnSpec input, Layer... layers) {
    return ModelSpec.chain(input, CLASS, false, List.of(layers), new Loss.Sigmoid(), SGD);
  }

  static ModelSpec regression(ColumnSpec input, Layer... layers) {
    return ModelSpec.chain(input, NUMBER, false, List.of(layers), new Loss.SquaredError(), SGD);
  }

  static ModelInput input(String name, ElementType type, Integer... shape) {
    return ModelInput.raw(new ColumnSpec(name, type, List.of(shape)));
  }

  static ModelSpec graph(List<ModelInput> inputs, List<Node> layers, Target... targets) {
    return new ModelSpec(inputs, List.of(targets), false, layers, SGD);
  }

  static ModelSpec weighted(ModelSpec spec) {
    return new ModelSpec(spec.inputs(), spec.targets(), true, spec.layers(), spec.optimizer());
  }

  static ModelSpec with(ModelSpec spec, Optimizer optimizer) {
    return new ModelSpec(spec.inputs(), spec.targets(), spec.weighted(), spec.layers(), optimizer);
  }

  static ModelSpec with(ModelSpec spec, Optimizer optimizer, UpdateOptions updates) {
    return new ModelSpec(
        spec.inputs(), spec.targets(), spec.weighted(), spec.layers(), optimizer, updates);
  }

  /** The loss of the first target. */
  static Loss loss(ModelSpec spec) {
    return spec.targets().get(0).loss();
  }

  /** A convolutional classifier of 8×8 bytes with a layer of each kind. */
  static ModelSpec convolutional() {
    return classifier(
        image(8, 8, 1),
        3,
        new Layer.Rescaling(1 / 255.0, 0),
        new Layer.Conv2d(4, 3, 1, Padding.VALID, Activation.RELU, true),
        new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
        new Layer.Dropout(0.25),
        new Layer.Flatten(),
        new Layer.ActivationLayer(Activation.TANH),
        dense(3));
  }

  /** Normal values for all weights, zeros for optimizer state and padding. */
  static float[] randomWeights(TrainingProgram program, long seed) {
    float[] vector = new float[(int) program.vectorSize()];
    Random random = new Random(seed);
    for (Variable variable : program.variables()) {
      for (int i = 0; variable.trainable() && i < variable.size(); i++) {
        vector[(int) variable.offset() + i] = (float) (0.5 * random.nextGaussian());
      }
    }
    return vector;
  }

  static float[] normals(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static int[] rows(int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }
}
