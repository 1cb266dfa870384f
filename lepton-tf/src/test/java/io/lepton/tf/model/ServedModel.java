package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A model as it is saved for serving. */
final class ServedModel {
  private ServedModel() {}

  /** All outputs for inputs out of a file of NumPy, named after the model's behind a prefix. */
  static Map<String, float[]> outputs(
      ModelSpec spec,
      CompiledModel compiled,
      float[] vector,
      Npz npz,
      String prefix,
      Path directory)
      throws IOException {
    SavedModelWriter.write(spec, compiled.program(), LocalProgram.flat(vector), directory);
    List<ColumnSpec> columns = spec.inputs().stream().map(ModelInput::column).toList();
    List<Tensor> tensors = tensors(columns, npz, prefix);
    Map<String, Tensor> inputs = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      inputs.put(columns.get(i).name(), tensors.get(i));
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(directory.toString(), "serve");
        Result result = bundle.function("serving_default").call(inputs)) {
      Map<String, float[]> outputs = new HashMap<>();
      result.forEach(
          entry -> outputs.put(entry.getKey(), LocalProgram.values((TFloat32) entry.getValue())));
      return outputs;
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  /** One a column, with the examples of all batches one after the other. */
  static List<Tensor> tensors(List<ColumnSpec> columns, Npz npz, String prefix) {
    List<Tensor> tensors = new ArrayList<>();
    for (ColumnSpec column : columns) {
      Npz.Array array = npz.get(prefix + column.name());
      int examples = array.bytes().remaining() / column.bytesPerExample();
      Shape shape = Shape.of(column.tensorShape(examples));
      tensors.add(
          column.type() == ElementType.FLOAT32
              ? TFloat32.tensorOf(shape, DataBuffers.of(array.floats()))
              : TInt32.tensorOf(shape, DataBuffers.of(array.ints())));
    }
    return tensors;
  }
}
