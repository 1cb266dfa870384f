package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/** Two tables of embeddings take the steps that Keras took, by {@code ../shared/models/ncf}. */
class NcfTrajectoryTest {
  private static final Path REFERENCE =
      Path.of("..", "..", "shared", "models", "ncf", "reference.npz");
  private static final int BATCH = 64;
  private static final List<Weight> WEIGHTS =
      List.of(
          Weight.embeddings("user", 4000, 16),
          Weight.embeddings("item", 2360, 16),
          Weight.kernel("dense", List.of(32, 32)),
          Weight.bias("dense", 32),
          Weight.kernel("dense_1", List.of(32, 16)),
          Weight.bias("dense_1", 16),
          Weight.kernel("dense_2", List.of(32, 1)),
          Weight.bias("dense_2", 1));

  @Test
  void twentyStepsOfAdamAreThoseOfKeras() throws IOException {
    checkLosses(new Optimizer.Adam(1, 0.9, 0.999, 1e-7), "adam");
  }

  @Test
  void twentyStepsOfDescentByRowAreThoseOfKeras() throws IOException {
    checkLosses(new Optimizer.Sgd(1, 0), "sgd");
  }

  private static void checkLosses(Optimizer optimizer, String name) throws IOException {
    Assumptions.assumeTrue(
        Files.exists(REFERENCE), "reference models must lie in shared/models beside the project");
    try (ZipFile arrays = new ZipFile(REFERENCE.toFile());
        Graph graph = new Graph()) {
      ModelSpec spec =
          Models.with(Models.regression(Models.features(1), Models.dense(1)), optimizer);
      float[] losses = train(graph, spec, arrays, array(arrays, "lr_" + name).getFloat());
      ByteBuffer expected = array(arrays, "traj_loss_" + name);
      for (float loss : losses) {
        assertThat(loss).isCloseTo(expected.getFloat(), within(1e-5f));
      }
    }
  }

  private static float[] train(Graph graph, ModelSpec spec, ZipFile arrays, float rate) {
    Ops tf = Ops.create(graph);
    NamedOps ops = new NamedOps(graph);
    Map<String, Operation> handles = new LinkedHashMap<>();
    Map<String, Operand<TFloat32>> reads = new LinkedHashMap<>();
    List<Operation> assigns = new ArrayList<>();
    for (int i = 0; i < WEIGHTS.size(); i++) {
      Weight weight = WEIGHTS.get(i);
      float[] start = floats(array(arrays, "var_00" + i));
      assigns.add(variable(tf, ops, handles, weight.name(), weight.dimensions(), start));
      reads.put(weight.name(), ops.read(handles.get(weight.name()), DataType.DT_FLOAT).output(0));
    }
    for (Slot slot : OptimizerState.of(spec.learning(), WEIGHTS)) {
      long[] shape = slot.shape().stream().mapToLong(d -> d).toArray();
      assigns.add(variable(tf, ops, handles, slot.name(), shape, new float[(int) slot.size()]));
    }
    Set<String> byRow =
        WEIGHTS.stream()
            .filter(weight -> Updates.byRow(spec.learning(), weight))
            .map(Weight::name)
            .collect(Collectors.toSet());
    Lookups lookups = new Lookups(handles, reads, byRow);
    Operand<TInt64> users = ops.placeholder("users", DataType.DT_INT64, BATCH).output(0);
    Operand<TInt64> items = ops.placeholder("items", DataType.DT_INT64, BATCH).output(0);
    Operand<TFloat32> labels = ops.placeholder("labels", DataType.DT_FLOAT, BATCH).output(0);
    Operand<TInt64> step = ops.placeholder("step", DataType.DT_INT64).output(0);
    Operand<TFloat32> outputs = network(tf, reads, lookups, users, items);
    Operand<TFloat64> loss = loss(tf, outputs, labels);
    Map<String, Gradient> gradients = new Gradients(graph, tf, reads, lookups).of(loss, WEIGHTS);
    Updates updates = new Updates(tf, spec.learning(), WEIGHTS, handles, tf.constant(rate), step);
    Operation train = ops.group("train", updates.emit(gradients, tf.constant((float) BATCH)));
    long[] user = integers(array(arrays, "traj_user"));
    long[] item = integers(array(arrays, "traj_item"));
    float[] label = floats(array(arrays, "traj_y"));
    float[] losses = new float[user.length / BATCH];
    try (Session session = new Session(graph)) {
      Session.Runner start = session.runner();
      assigns.forEach(start::addTarget);
      start.run().close();
      for (int number = 0; number < losses.length; number++) {
        int from = number * BATCH;
        int to = from + BATCH;
        try (TInt64 u = TInt64.vectorOf(Arrays.copyOfRange(user, from, to));
            TInt64 i = TInt64.vectorOf(Arrays.copyOfRange(item, from, to));
            TFloat32 y = TFloat32.vectorOf(Arrays.copyOfRange(label, from, to));
            TInt64 n = TInt64.scalarOf(number);
            Result result =
                session
                    .runner()
                    .feed("users", u)
                    .feed("items", i)
                    .feed("labels", y)
                    .feed("step", n)
                    .addTarget(train)
                    .fetch(loss)
                    .run()) {
          losses[number] = (float) ((TFloat64) result.get(0)).getDouble();
        }
      }
    }
    return losses;
  }

  private static Operation variable(
      Ops tf,
      NamedOps ops,
      Map<String, Operation> handles,
      String name,
      long[] shape,
      float[] values) {
    Operation handle = ops.variable(name, DataType.DT_FLOAT, shape);
    handles.put(name, handle);
    return ops.assign(
        handle, DataType.DT_FLOAT, tf.constant(Shape.of(shape), DataBuffers.of(values)));
  }

  private static Operand<TFloat32> network(
      Ops tf,
      Map<String, Operand<TFloat32>> reads,
      Lookups lookups,
      Operand<TInt64> users,
      Operand<TInt64> items) {
    Operand<TFloat32> user = lookups.rows(tf, "user/embeddings", users);
    Operand<TFloat32> item = lookups.rows(tf, "item/embeddings", items);
    Operand<TFloat32> both = tf.concat(List.of(user, item), tf.constant(1));
    Operand<TFloat32> first = tf.nn.relu(dense(tf, reads, "dense", both));
    Operand<TFloat32> second = tf.nn.relu(dense(tf, reads, "dense_1", first));
    Operand<TFloat32> product = tf.math.mul(user, item);
    return dense(tf, reads, "dense_2", tf.concat(List.of(product, second), tf.constant(1)));
  }

  private static Operand<TFloat32> dense(
      Ops tf, Map<String, Operand<TFloat32>> reads, String layer, Operand<TFloat32> x) {
    Operand<TFloat32> product = tf.linalg.matMul(x, reads.get(layer + "/kernel"));
    return tf.nn.biasAdd(product, reads.get(layer + "/bias"));
  }

  private static Operand<TFloat64> loss(
      Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> labels) {
    Target target =
        Target.of(new ColumnSpec("label", ElementType.FLOAT32, List.of()), new Loss.Sigmoid());
    LossGraph examples = LossGraph.emit(tf, target, outputs, List.of(1), labels);
    return tf.math.mean(examples.losses(), tf.constant(0));
  }

  /** The little-endian elements of an array in a NumPy archive. */
  private static ByteBuffer array(ZipFile arrays, String name) {
    try {
      byte[] bytes = arrays.getInputStream(arrays.getEntry(name + ".npy")).readAllBytes();
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      return buffer.position(10 + buffer.getShort(8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] floats(ByteBuffer array) {
    float[] values = new float[array.remaining() / Float.BYTES];
    array.asFloatBuffer().get(values);
    return values;
  }

  private static long[] integers(ByteBuffer array) {
    int[] values = new int[array.remaining() / Integer.BYTES];
    array.asIntBuffer().get(values);
    return Arrays.stream(values).asLongStream().toArray();
  }
}
