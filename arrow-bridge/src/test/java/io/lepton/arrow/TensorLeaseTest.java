package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.internal.c_api.global.tensorflow;

class TensorLeaseTest {
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final CopyLedger ledger = new CopyLedger();

  @AfterEach
  void nothingIsLeftOut() {
    root.close();
    assertThat(TensorLease.outstanding()).isZero();
  }

  @Test
  void aLeaseOfEveryTypeIsInPlaceByAddress() {
    for (ElementType type : ElementType.values()) {
      try (ArrowBuf buffer = root.buffer(24L * type.bytes());
          TensorLease lease = TensorLease.lend(buffer, 0, type, new long[] {4, 6}, ledger)) {
        assertThat(tensorflow.TF_TensorData(lease.tensor()).address())
            .isEqualTo(buffer.memoryAddress());
        assertThat(lease.inPlace()).isTrue();
      }
    }
    assertThat(ledger.total()).isZero();
  }

  @Test
  void aLeaseOffTheBoundaryIsCopiedAndTheLedgerSaysSo() {
    try (ArrowBuf buffer = root.buffer(1024);
        TensorLease lease =
            TensorLease.lend(buffer, 16, ElementType.FLOAT32, new long[] {100}, ledger)) {
      assertThat(lease.inPlace()).isFalse();
    }
    assertThat(ledger.snapshot()).containsEntry(CopyLedger.Reason.UNALIGNED, 400L);
    assertThat(ledger.total()).isEqualTo(400);
  }

  @Test
  void theBufferIsRetainedUntilTheLeaseIsClosed() {
    ArrowBuf buffer = root.buffer(256);
    TensorLease lease = TensorLease.lend(buffer, 0, ElementType.UINT8, new long[] {256}, ledger);
    buffer.close();
    assertThat(root.getAllocatedMemory()).isEqualTo(256);

    lease.close();
    lease.close();

    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void thousandsOfLeasesMayBeOutAtOnce() {
    try (ArrowBuf buffer = root.buffer(64)) {
      List<TensorLease> leases = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        leases.add(TensorLease.lend(buffer, 0, ElementType.INT32, new long[] {16}, ledger));
      }
      assertThat(TensorLease.outstanding()).isEqualTo(5000);
      leases.forEach(TensorLease::close);
    }
  }

  @Test
  void aLeaseBeyondItsBufferIsRefused() {
    try (ArrowBuf buffer = root.buffer(64)) {
      assertThatThrownBy(
              () -> TensorLease.lend(buffer, 32, ElementType.INT64, new long[] {5}, ledger))
          .hasMessage("a lease must stay inside its buffer of 64 bytes, but was: 40 bytes at 32");
    }
  }

  @Test
  void aVectorIsAlignedAndItsPartsAreLentInPlace() {
    FlatVector vector = FlatVector.allocate(64);
    for (int i = 0; i < 64; i++) {
      vector.set(i, i);
    }
    try (TensorLease lease = vector.lend(16, new long[] {2, 5}, ledger)) {
      assertThat(lease.inPlace()).isTrue();
    }
    assertThat(vector.copy().get(63)).isEqualTo(63f);
    assertThat(ledger.total()).isZero();
  }
}
