package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.savedmodel.ImportedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A model that Keras exported, and what TensorFlow for Python computed of it. */
record KerasModel(Path directory, Npz reference, List<ColumnSpec> inputs, Loss loss) {
  private static final Path MODELS = Path.of("..", "..", "shared", "models");

  static KerasModel images() throws IOException {
    return read(
        "cnn",
        List.of(new ColumnSpec("x", ElementType.FLOAT32, List.of(32, 32, 3))),
        new Loss.Softmax(10));
  }

  static KerasModel ratings() throws IOException {
    return read(
        "ncf",
        List.of(
            new ColumnSpec("item", ElementType.INT32, List.of()),
            new ColumnSpec("user", ElementType.INT32, List.of())),
        new Loss.Sigmoid());
  }

  static KerasModel reviews() throws IOException {
    return read(
        "text_lstm",
        List.of(new ColumnSpec("x", ElementType.INT32, List.of(40))),
        new Loss.Sigmoid());
  }

  static Stream<KerasModel> all() throws IOException {
    return Stream.of(images(), ratings(), reviews());
  }

  private static KerasModel read(String name, List<ColumnSpec> inputs, Loss loss)
      throws IOException {
    Assumptions.assumeTrue(
        Files.isDirectory(MODELS), "exported models must lie in shared/models beside the project");
    Path directory = MODELS.resolve(name);
    return new KerasModel(directory, Npz.read(directory.resolve("reference.npz")), inputs, loss);
  }

  /** The imported model and nothing else. */
  ModelSpec spec(ImportedModel model, String output, Optimizer optimizer) {
    return new ModelSpec(
        inputs.stream().map(ModelInput::raw).toList(),
        List.of(Target.of(new ColumnSpec("y", ElementType.INT32, List.of()), loss)),
        false,
        List.of(ImportedLayer.of(model, output, loss).node("model")),
        optimizer);
  }

  /** Columns of a chunk: the inputs and the label. */
  List<Tensor> chunk(String prefix) {
    List<Tensor> columns = new ArrayList<>();
    for (ColumnSpec input : inputs) {
      Npz.Array array = reference.get(prefix + "_" + input.name());
      Shape shape = shape(array, input);
      columns.add(
          input.type() == ElementType.FLOAT32
              ? TFloat32.tensorOf(shape, DataBuffers.of(array.floats()))
              : TInt32.tensorOf(shape, DataBuffers.of(array.ints())));
    }
    columns.add(TInt32.vectorOf(reference.get(prefix + "_y").ints()));
    return columns;
  }

  /** Number of trained variables. */
  int variables() {
    int count = 0;
    while (reference.get("var_%03d".formatted(count)) != null) {
      count++;
    }
    return count;
  }

  /** All rows of the one batch. */
  int[] rows() {
    return batch(0);
  }

  /** Rows of a batch of the trajectory. */
  int[] batch(int step) {
    int size = reference.get("in_y").shape().get(0);
    return IntStream.range(step * size, (step + 1) * size).toArray();
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }

  private static Shape shape(Npz.Array array, ColumnSpec input) {
    int elements = array.bytes().remaining() / Float.BYTES;
    return Shape.of(elements / Shapes.elements(input.shape()))
        .append(Shape.of(input.shape().stream().mapToLong(Integer::longValue).toArray()));
  }
}
