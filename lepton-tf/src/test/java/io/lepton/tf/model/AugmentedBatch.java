package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** What became of a batch. */
final class AugmentedBatch {
  private final float[] values;
  private final int[] partners;
  private final float[] lambdas;

  private AugmentedBatch(float[] values, int[] partners, float[] lambdas) {
    this.values = values;
    this.partners = partners;
    this.lambdas = lambdas;
  }

  /** Augments examples, whose values follow one another. */
  static AugmentedBatch of(
      ColumnSpec input, List<Augmentation> augmentations, long key, long[] ids, float... values) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(input.tensorShape(-1));
      Operand<? extends TType> batch = tf.placeholder(type(input), Placeholder.shape(shape));
      Operand<TInt64> keys = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      Operand<TInt64> examples = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
      CounterNoise noise = CounterNoise.of(tf, keys, examples);
      Augmented augmented = AugmentationGraph.emit(tf, noise, input, augmentations, batch);
      try (Session session = new Session(graph);
          Tensor feed = tensor(input, ids.length, values);
          TInt64 keyFeed = TInt64.scalarOf(key);
          TInt64 idFeed = TInt64.vectorOf(ids)) {
        Session.Runner runner =
            session
                .runner()
                .feed(batch.asOutput(), feed)
                .feed(keys.asOutput(), keyFeed)
                .feed(examples.asOutput(), idFeed)
                .fetch(augmented.value());
        augmented.mixing().ifPresent(mixing -> runner.fetch(mixing.partner()));
        augmented.mixing().ifPresent(mixing -> runner.fetch(mixing.lambda()));
        try (Result result = runner.run()) {
          return of(result, augmented.mixing());
        }
      }
    }
  }

  /** Row-major, integers as floats. */
  float[] values() {
    return values;
  }

  /** Empty if nothing was mixed. */
  int[] partners() {
    return partners;
  }

  /** Empty if nothing was mixed. */
  float[] lambdas() {
    return lambdas;
  }

  private static AugmentedBatch of(Result result, Optional<Mixing> mixing) {
    return mixing.isEmpty()
        ? new AugmentedBatch(floats(result.get(0)), new int[0], new float[0])
        : new AugmentedBatch(
            floats(result.get(0)),
            ints((TInt32) result.get(1)),
            LocalProgram.values((TFloat32) result.get(2)));
  }

  private static Class<? extends TType> type(ColumnSpec input) {
    return switch (input.type()) {
      case FLOAT32 -> TFloat32.class;
      case INT32 -> TInt32.class;
      case UINT8 -> TUint8.class;
      case FLOAT64, INT64, BOOL -> throw new AssertionError(input);
    };
  }

  private static Tensor tensor(ColumnSpec input, int examples, float... values) {
    Shape shape = Shape.of(input.tensorShape(examples));
    if (input.type() == ElementType.FLOAT32) {
      return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }
    if (input.type() == ElementType.INT32) {
      int[] ints = IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
      return TInt32.tensorOf(shape, DataBuffers.of(ints));
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) values[i];
    }
    return TUint8.tensorOf(shape, DataBuffers.of(bytes));
  }

  private static float[] floats(Tensor tensor) {
    if (tensor instanceof TFloat32 values) {
      return LocalProgram.values(values);
    }
    int[] ints = ints((TInt32) tensor);
    float[] floats = new float[ints.length];
    for (int i = 0; i < ints.length; i++) {
      floats[i] = ints[i];
    }
    return floats;
  }

  private static int[] ints(TInt32 tensor) {
    int[] values = new int[(int) tensor.size()];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }
}
