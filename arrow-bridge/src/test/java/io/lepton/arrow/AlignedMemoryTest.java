package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.junit.jupiter.api.Test;

class AlignedMemoryTest {
  @Test
  void everyBufferStartsOnA64ByteBoundary() {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE)) {
      List<ArrowBuf> buffers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        buffers.add(root.buffer(1 + random.nextInt(1 << 16)));
      }
      assertThat(buffers).allMatch(buffer -> buffer.memoryAddress() % 64 == 0);
      buffers.forEach(ArrowBuf::close);
    }
  }

  @Test
  void closingWithABufferOutNamesTheAllocatorAndTheBytes() {
    BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
    BufferAllocator child = root.newChildAllocator("ingest-7", 0, Long.MAX_VALUE);
    child.buffer(4096);

    assertThatThrownBy(child::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ingest-7")
        .hasMessageContaining("4096");
  }

  @Test
  void anAllocationAboveTheLimitIsRefused() {
    try (BufferAllocator root = AlignedMemory.root(1 << 20)) {
      assertThatThrownBy(() -> root.buffer((1 << 20) + 1)).isInstanceOf(OutOfMemoryException.class);
    }
  }

  @Test
  void theLimitMustBePositive() {
    assertThatThrownBy(() -> AlignedMemory.root(0))
        .hasMessage("limit must be positive, but was: 0");
  }
}
