package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidentMemoryTest {
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String OLD_NAME = "org.bytedeco.javacpp.maxphysicalbytes";

  @Test
  void aProcessWithVectorsMayHaveMoreInMemoryThanFourTimesItsHeap() {
    FlatVector.allocate(1);

    assertThat(Pointer.maxPhysicalBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {LIMIT, OLD_NAME})
  void aLimitThatAProcessWasGivenStays(String name) {
    String before = System.clearProperty(LIMIT);
    try {
      System.setProperty(name, "64g");

      ResidentMemory.lift();

      assertThat(System.getProperty(name)).isEqualTo("64g");
      assertThat(System.getProperty(name.equals(LIMIT) ? OLD_NAME : LIMIT)).isNull();
    } finally {
      System.clearProperty(name);
      if (before != null) {
        System.setProperty(LIMIT, before);
      }
    }
  }
}
