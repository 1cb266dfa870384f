package io.lepton.arrow;

import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * The type of one element of a column, the same in Arrow memory and in a tensor.
 *
 * <p>Booleans take a byte each, as TensorFlow wants them, not a bit as Arrow's own boolean does.
 */
public enum ElementType {
  FLOAT32(4, tensorflow.TF_FLOAT),
  FLOAT64(8, tensorflow.TF_DOUBLE),
  INT32(4, tensorflow.TF_INT32),
  INT64(8, tensorflow.TF_INT64),
  UINT8(1, tensorflow.TF_UINT8),
  BOOL(1, tensorflow.TF_BOOL);

  private final int bytes;
  private final int dataType;

  ElementType(int bytes, int dataType) {
    this.bytes = bytes;
    this.dataType = dataType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /**
   * TensorFlow's number for the type ({@code TF_DataType}, the same as {@code DataType} in protos).
   */
  public int dataType() {
    return dataType;
  }
}
