package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void aProcessWithVectorsMayHaveMoreInMemoryThanFourTimesItsHeap() {
    FlatVector.allocate(1);

    assertThat(Pointer.maxPhysicalBytes()).isZero();
  }
}
