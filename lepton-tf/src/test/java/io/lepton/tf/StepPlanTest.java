package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.TensorLease;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
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
  void eachStepLendsItsOwnRowsNumberAndSeedsInPlace() {
    try (StepPlan plan = new StepPlan(root, 3, 33, 1)) {
      int[][] batches = {rows(33, 0), rows(1, 100), rows(20, 200)};
      for (int step = 0; step < batches.length; step++) {
        plan.add(LinearModel.batch(batches[step]), 1000L + step, -5L - step, 77L + step);
      }
      for (int step = 0; step < batches.length; step++) {
        assertThat(lentRows(plan, step)).isEqualTo(batches[step]);
        try (TensorLease number = plan.lendStep(step, ledger);
            TensorLease seed = plan.lendSeed(step, ledger)) {
          assertThat(bytes(number).getLong(0)).isEqualTo(1000L + step);
          assertThat(bytes(seed).remaining()).isEqualTo(3 * Long.BYTES);
          assertThat(bytes(seed).getLong(0)).isEqualTo(-5L - step);
          assertThat(bytes(seed).getLong(8)).isEqualTo(1000L + step);
          assertThat(bytes(seed).getLong(16)).isEqualTo(77L + step);
        }
      }
    }
  }

  @Test
  void rowsLieSlotAfterSlotInTheOrderOfTheirPositions() {
    try (StepPlan plan = new StepPlan(root, 2, 7, 20)) {
      plan.add(batch(3, 30, 0, 1, 19, 190, 3, 31, 0, 2, 0, 3), 0, 0, 0);
      plan.add(batch(2, 20), 1, 0, 0);
      assertThat(lentRows(plan, 0)).containsExactly(1, 2, 3, 30, 31, 190);
      assertThat(lentCounts(plan, 0)).hasSize(20).startsWith(3, 0, 0, 2, 0).endsWith(0, 0, 1);
      assertThat(lentRows(plan, 1)).containsExactly(20);
      assertThat(lentCounts(plan, 1)).startsWith(0, 0, 1, 0).endsWith(0);
    }
  }

  @Test
  void slotsThatTheProgramLacksAreRefused() {
    try (StepPlan plan = new StepPlan(root, 1, 4, 2)) {
      for (int slot : new int[] {-1, 2}) {
        assertThatThrownBy(() -> plan.add(batch(1, 0, slot, 0), 0, 0, 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("a slot must be one of the program's 2, but was: " + slot);
      }
      assertThat(plan.steps()).isZero();
    }
  }

  @Test
  void countsStepsAndExamples() {
    try (StepPlan plan = new StepPlan(root, 4, 64, 1)) {
      assertThat(plan.steps()).isZero();
      assertThat(plan.examples()).isZero();
      plan.add(LinearModel.batch(rows(64, 0)), 0, 0, 0);
      plan.add(LinearModel.batch(rows(17, 0)), 1, 0, 0);
      assertThat(plan.steps()).isEqualTo(2);
      assertThat(plan.batch(0)).isEqualTo(64);
      assertThat(plan.batch(1)).isEqualTo(17);
      assertThat(plan.examples()).isEqualTo(81);
    }
  }

  @Test
  void batchesThatDoNotFitAreRefused() {
    try (StepPlan plan = new StepPlan(root, 1, 30, 1)) {
      assertThatThrownBy(() -> plan.add(LinearModel.batch(), 0, 0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a batch must have between 1 and 30 rows, but had: 0");
      assertThatThrownBy(() -> plan.add(LinearModel.batch(rows(31, 0)), 0, 0, 0))
          .hasMessage("a batch must have between 1 and 30 rows, but had: 31");
      assertThat(plan.steps()).isZero();
    }
  }

  @Test
  void aBatchHoldsNoMoreThanItsCapacityAndCanBeFilledAgain() {
    BatchRows batch = batch(5, 6);
    assertThatThrownBy(() -> batch.add(0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a batch must stay within its capacity of rows, but that was: 1");
    batch.clear();
    batch.add(7, 8);
    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.slot(0)).isEqualTo(7);
    assertThat(batch.row(0)).isEqualTo(8);
  }

  @Test
  void aBatchOfOneSlotCanBeFilledAtOnce() {
    BatchRows batch = new BatchRows(4);
    batch.add(2, 7);
    batch.fill(1, new int[] {30, 10, 20, 40}, 3);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(IntStream.range(0, 3).map(batch::slot)).containsOnly(1);
    try (StepPlan plan = new StepPlan(root, 2, 5, 3)) {
      plan.add(batch, 0, 0, 0);
      assertThat(lentRows(plan, 0)).containsExactly(30, 10, 20);
      assertThat(lentCounts(plan, 0)).containsExactly(0, 3, 0);
      batch.add(0, 50);
      plan.add(batch, 1, 0, 0);
      assertThat(lentRows(plan, 1)).containsExactly(50, 30, 10, 20);
      assertThat(lentCounts(plan, 1)).containsExactly(1, 3, 0);
    }
    assertThatThrownBy(() -> batch.fill(0, new int[5], 5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a batch must stay within its capacity of 4 rows, but was to have: 5");
  }

  @Test
  void stepsBeyondItsCapacityAreRefused() {
    try (StepPlan plan = new StepPlan(root, 2, 1, 1)) {
      plan.add(LinearModel.batch(0), 0, 0, 0);
      plan.add(LinearModel.batch(0), 1, 0, 0);
      assertThatThrownBy(() -> plan.add(LinearModel.batch(0), 2, 0, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a plan must stay within its capacity of steps, but that was: 2");
      assertThat(plan.steps()).isEqualTo(2);
    }
  }

  @Test
  void planOfNoStepsIsAllowed() {
    try (StepPlan plan = new StepPlan(root, 0, 0, 1)) {
      assertThat(plan.examples()).isZero();
    }
  }

  @Test
  void itsMemoryOutlivesItWhileAPartIsLent() {
    StepPlan plan = new StepPlan(root, 1, 1, 1);
    plan.add(LinearModel.batch(0), 7, 0, 0);
    try (TensorLease number = plan.lendStep(0, ledger)) {
      plan.close();
      assertThat(root.getAllocatedMemory()).isPositive();
      assertThat(bytes(number).getLong(0)).isEqualTo(7);
    }
    assertThat(root.getAllocatedMemory()).isZero();
  }

  private static int[] rows(int count, int first) {
    return IntStream.range(first, first + count).toArray();
  }

  private static BatchRows batch(int... slotsAndRows) {
    BatchRows batch = new BatchRows(slotsAndRows.length / 2);
    for (int i = 0; i < slotsAndRows.length; i += 2) {
      batch.add(slotsAndRows[i], slotsAndRows[i + 1]);
    }
    return batch;
  }

  private int[] lentRows(StepPlan plan, int step) {
    try (TensorLease rows = plan.lendRows(step, ledger)) {
      return ints(rows);
    }
  }

  private int[] lentCounts(StepPlan plan, int step) {
    try (TensorLease counts = plan.lendCounts(step, ledger)) {
      return ints(counts);
    }
  }

  private static int[] ints(TensorLease lease) {
    int[] ints = new int[bytes(lease).remaining() / Integer.BYTES];
    bytes(lease).asIntBuffer().get(ints);
    return ints;
  }

  private static ByteBuffer bytes(TensorLease lease) {
    return MemoryUtil.directBuffer(
            tensorflow.TF_TensorData(lease.tensor()).address(),
            (int) tensorflow.TF_TensorByteSize(lease.tensor()))
        .order(ByteOrder.nativeOrder());
  }
}
