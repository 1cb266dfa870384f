package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class VectorMemoryTest {
  private static final int VIEW = 1 << 10;
  private static final long SIZE = 4 * VIEW;

  private long others;
  private final VectorMemory memory = new VectorMemory(3 * SIZE, () -> others);

  @Test
  void bytesAreInUseUntilTheyAreFreed() {
    memory.reserve(SIZE);
    memory.reserve(SIZE);
    memory.free(SIZE);
    memory.reserve(SIZE);

    assertThat(memory.used()).isEqualTo(2 * SIZE);
  }

  @Test
  void whatDoesNotFitBesideOthersIsRefusedWithTheLimitAndItsMend() {
    others = 5;
    memory.reserve(2 * SIZE);

    assertThatThrownBy(() -> memory.reserve(SIZE))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage(
            "vectors and direct buffers must stay within the JVM's limit of direct memory of 12288"
                + " bytes, but a vector of 4096 came to 8197; give the process a larger heap or"
                + " -XX:MaxDirectMemorySize");
    assertThat(memory.used()).isEqualTo(2 * SIZE);
  }

  @Test
  void theLimitOfAProcessIsAsLargeAsItsHeap() {
    assertThat(FlatVector.mostBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThatThrownBy(() -> FlatVector.allocate(FlatVector.mostBytes()))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void garbageIsCollectedBeforeABlockIsRefused() {
    for (int i = 0; i < 10; i++) {
      assertThatCode(
              () -> {
                NativeBlock block = NativeBlock.allocate(SIZE, VIEW, memory);
                assertThat(block.getFloat(SIZE - Float.BYTES)).isZero();
                block.putFloat(SIZE - Float.BYTES, 1);
              })
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aViewKeepsItsBlock() {
    ByteBuffer view = NativeBlock.allocate(SIZE, VIEW, memory).view(VIEW, 8).position(4).slice();
    view.order(ByteOrder.nativeOrder()).putFloat(0, 7);
    NativeBlock.allocate(SIZE, VIEW, memory);

    collectUntil(() -> memory.used() < 2 * SIZE);

    assertThat(memory.used()).isGreaterThanOrEqualTo(SIZE);
    assertThat(view.getFloat(0)).isEqualTo(7);
    view = null;
    collectUntil(() -> memory.used() == 0);
  }

  private static void collectUntil(BooleanSupplier done) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!done.getAsBoolean()) {
      System.gc();
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
  }
}
