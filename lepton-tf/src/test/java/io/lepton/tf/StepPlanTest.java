package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.TensorLease;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.internal.c_api.global.tensorflow;

class StepPlanTest {
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final CopyLedger ledger = new CopyLedger();

  @AfterEach
  void nothingWasCopiedAndNothingIsLeftOut() {
    assertThat(ledger.total()).isZero();
    root.close();
  }

  @Test
  void eachStepLendsItsOwnRowsNumberAndSeedInPlace() {
    try (StepPlan plan = new StepPlan(root, 3, 33)) {
      int[] batches = {33, 1, 20};
      for (int step = 0; step < batches.length; step++) {
        plan.add(batches[step], 1000L + step, -5L - step);
        for (int i = 0; i < batches[step]; i++) {
          plan.setRow(i, 100 * step + i);
        }
      }
      for (int step = 0; step < batches.length; step++) {
        try (TensorLease rows = plan.lendRows(step, ledger);
            TensorLease number = plan.lendStep(step, ledger);
            TensorLease seed = plan.lendSeed(step, ledger)) {
          int[] expected = new int[batches[step]];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = 100 * step + i;
          }
          int[] lent = new int[expected.length];
          bytes(rows).asIntBuffer().get(lent);
          assertThat(lent).isEqualTo(expected);
          assertThat(bytes(rows).remaining()).isEqualTo(4 * expected.length);
          assertThat(bytes(number).getLong(0)).isEqualTo(1000L + step);
          assertThat(bytes(seed).getLong(0)).isEqualTo(-5L - step);
          assertThat(bytes(seed).getLong(8)).isEqualTo(1000L + step);
        }
      }
    }
  }

  @Test
  void countsStepsAndExamples() {
    try (StepPlan plan = new StepPlan(root, 4, 64)) {
      assertThat(plan.steps()).isZero();
      assertThat(plan.examples()).isZero();
      plan.add(64, 0, 0);
      plan.add(17, 1, 0);
      assertThat(plan.steps()).isEqualTo(2);
      assertThat(plan.batch(0)).isEqualTo(64);
      assertThat(plan.batch(1)).isEqualTo(17);
      assertThat(plan.examples()).isEqualTo(81);
    }
  }

  @Test
  void batchesThatDoNotFitAreRefused() {
    try (StepPlan plan = new StepPlan(root, 1, 32)) {
      assertThatThrownBy(() -> plan.add(0, 0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a batch must have between 1 and 32 rows, but had: 0");
      assertThatThrownBy(() -> plan.add(33, 0, 0))
          .hasMessage("a batch must have between 1 and 32 rows, but had: 33");
      assertThat(plan.steps()).isZero();
    }
  }

  @Test
  void stepsBeyondItsCapacityAreRefused() {
    try (StepPlan plan = new StepPlan(root, 2, 1)) {
      plan.add(1, 0, 0);
      plan.add(1, 1, 0);
      assertThatThrownBy(() -> plan.add(1, 2, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a plan must stay within its capacity of steps, but that was: 2");
      assertThat(plan.steps()).isEqualTo(2);
    }
  }

  @Test
  void planOfNoStepsIsAllowed() {
    try (StepPlan plan = new StepPlan(root, 0, 0)) {
      assertThat(plan.examples()).isZero();
    }
  }

  @Test
  void itsMemoryOutlivesItWhileAPartIsLent() {
    StepPlan plan = new StepPlan(root, 1, 1);
    plan.add(1, 7, 0);
    try (TensorLease number = plan.lendStep(0, ledger)) {
      plan.close();
      assertThat(root.getAllocatedMemory()).isPositive();
      assertThat(bytes(number).getLong(0)).isEqualTo(7);
    }
    assertThat(root.getAllocatedMemory()).isZero();
  }

  private static ByteBuffer bytes(TensorLease lease) {
    return MemoryUtil.directBuffer(
            tensorflow.TF_TensorData(lease.tensor()).address(),
            (int) tensorflow.TF_TensorByteSize(lease.tensor()))
        .order(ByteOrder.nativeOrder());
  }
}
