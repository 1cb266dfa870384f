package io.lepton.tf.savedmodel;

import java.io.Serializable;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/**
 * A variable out of a SavedModel.
 *
 * @param name the model's own, such as {@code dense_1/kernel}
 * @param values row-major; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ImportedVariable(String name, List<Integer> shape, float[] values)
    implements Serializable {
  public ImportedVariable {
    shape = List.copyOf(shape);
  }

  static ImportedVariable of(String name, TensorProto value) {
    if (value.getDtype() != DataType.DT_FLOAT) {
      throw new ImportException(
          "trained variables must be float32, but %s is %s; export the model with float32 variables"
              .formatted(name, value.getDtype()));
    }
    FloatBuffer buffer =
        value
            .getTensorContent()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new ImportedVariable(name, SignatureInputs.dimensions(value.getTensorShape()), values);
  }
}
