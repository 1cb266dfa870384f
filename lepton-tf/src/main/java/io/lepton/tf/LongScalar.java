package io.lepton.tf;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_INT64;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import org.apache.arrow.memory.util.MemoryUtil;
import org.tensorflow.internal.c_api.TF_Tensor;

/** An int64 scalar in TensorFlow's own memory. */
final class LongScalar implements AutoCloseable {
  private final TF_Tensor tensor = TF_AllocateTensor(TF_INT64, new long[0], 0, Long.BYTES);

  LongScalar(long value) {
    MemoryUtil.putLong(TF_TensorData(tensor).address(), value);
  }

  /** The tensor to feed; valid until {@link #close()}. */
  TF_Tensor tensor() {
    return tensor;
  }

  @Override
  public void close() {
    TF_DeleteTensor(tensor);
  }
}
