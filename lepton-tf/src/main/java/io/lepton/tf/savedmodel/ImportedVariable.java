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
 * @param trainable whether by gradients; otherwise steps of training set it
 * @param values row-major; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ImportedVariable(String name, boolean trainable, List<Integer> shape, float[] values)
    implements Serializable {
  public ImportedVariable {
    shape = List.copyOf(shape);
  }

  static ImportedVariable of(String name, boolean trainable, TensorProto value) {
    if (value.getDtype() != DataType.DT_FLOAT) {
      throw new ImportException(
          "variables that change must be float32, but %s is %s; export the model with float32 variables"
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
    return new ImportedVariable(
        name, trainable, SignatureInputs.dimensions(value.getTensorShape()), values);
  }
}
