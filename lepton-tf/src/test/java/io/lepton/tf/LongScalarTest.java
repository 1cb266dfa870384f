package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.Test;
import org.tensorflow.internal.c_api.global.tensorflow;

class LongScalarTest {
  @Test
  void holdsItsValueAsAnInt64Scalar() {
    try (LongScalar scalar = new LongScalar(5_000_000_000L)) {
      assertThat(tensorflow.TF_TensorType(scalar.tensor())).isEqualTo(tensorflow.TF_INT64);
      assertThat(tensorflow.TF_NumDims(scalar.tensor())).isZero();
      long address = tensorflow.TF_TensorData(scalar.tensor()).address();
      assertThat(
              MemoryUtil.directBuffer(address, Long.BYTES)
                  .order(ByteOrder.nativeOrder())
                  .getLong(0))
          .isEqualTo(5_000_000_000L);
    }
  }
}
