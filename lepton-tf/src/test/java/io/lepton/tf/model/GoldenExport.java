package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.Variable;
import io.lepton.tf.savedmodel.ImportOptions;
import io.lepton.tf.savedmodel.ImportedModel;
import io.lepton.tf.savedmodel.SavedModelImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** One of the small exports among the test's resources, of three classes. */
record GoldenExport(Path directory, Npz reference) {
  static final Loss LOSS = new Loss.Softmax(3);

  /** Unpacks one. */
  static GoldenExport unpack(String name, Path directory) throws IOException {
    try (InputStream file = GoldenExport.class.getResourceAsStream("/keras/" + name + ".zip");
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path path = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(zip, path);
        }
      }
    }
    return new GoldenExport(
        directory.resolve("export"), Npz.read(directory.resolve("reference.npz")));
  }

  ImportedModel read(ImportOptions options) throws IOException {
    return SavedModelImport.read(directory, options);
  }

  ImportedModel read() throws IOException {
    return read(ImportOptions.defaults());
  }

  /** The model and a loss of classes, trained by plain descent. */
  ModelSpec spec(ImportedModel model) {
    Npz.Array x = reference.get("in_x");
    ElementType type = x.type().equals("<f4") ? ElementType.FLOAT32 : ElementType.INT32;
    ColumnSpec column = new ColumnSpec("x", type, x.shape().subList(1, x.shape().size()));
    return new ModelSpec(
        List.of(ModelInput.raw(column)),
        List.of(Target.of(new ColumnSpec("y", ElementType.INT32, List.of()), LOSS)),
        false,
        List.of(ImportedLayer.of(model, "", LOSS).node("model")),
        new Optimizer.Sgd(1, 0));
  }

  List<Tensor> chunk() {
    Npz.Array x = reference.get("in_x");
    Shape shape = Shape.of(x.shape().stream().mapToLong(Integer::longValue).toArray());
    return List.of(
        x.type().equals("<f4")
            ? TFloat32.tensorOf(shape, DataBuffers.of(x.floats()))
            : TInt32.tensorOf(shape, DataBuffers.of(x.ints())),
        TInt32.vectorOf(reference.get("in_y").ints()));
  }

  int[] rows() {
    return IntStream.range(0, reference.get("in_y").shape().get(0)).toArray();
  }

  /** Asserts that parts of a vector are arrays of the reference, whose names start alike. */
  void assertVariables(CompiledModel compiled, float[] vector, String prefix) {
    Map<String, float[]> actual = new HashMap<>();
    for (Variable variable : compiled.program().variables()) {
      int offset = (int) variable.offset();
      actual.put(
          prefix + variable.name().substring("model/".length()).replace('/', '|'),
          Arrays.copyOfRange(vector, offset, offset + (int) variable.size()));
    }
    List<String> expected =
        reference.names().stream().filter(name -> name.startsWith(prefix)).toList();
    assertThat(actual.keySet()).containsAll(expected);
    for (String name : expected) {
      assertThat(actual.get(name)).as(name).containsExactly(reference.floats(name), within(1e-5f));
    }
  }
}
