package io.lepton.tf;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.TensorLease;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What some consecutive steps on loaded chunks are fed: each step's rows, slot after slot, number
 * and seeds, laid out in one aligned block so that a step lends its part in place.
 *
 * <p>Owned by whoever made it; TensorFlow may keep parts beyond {@link #close()}.
 */
public final class StepPlan implements AutoCloseable {
  private static final int STEP_AT = 0;
  private static final int SEED_AT = AlignedMemory.ALIGNMENT;
  private static final int COUNTS_AT = 2 * AlignedMemory.ALIGNMENT;
  private static final long[] SCALAR = {};
  private static final long[] SEEDS = {3};

  private final ArrowBuf block;
  private final int maxBatch;
  private final long rowsAt;
  private final long stride;
  private final int[] batches;
  private final int[] ends;
  private final int[] sorted;
  private int steps;

  /**
   * Makes an empty plan.
   *
   * @param capacity steps it can hold
   * @param maxBatch rows of its largest batch
   * @param slots of the program
   */
  public StepPlan(BufferAllocator allocator, int capacity, int maxBatch, int slots) {
    this.maxBatch = maxBatch;
    this.rowsAt = COUNTS_AT + AlignedMemory.roundUp((long) slots * Integer.BYTES);
    this.stride = rowsAt + AlignedMemory.roundUp((long) maxBatch * Integer.BYTES);
    this.batches = new int[capacity];
    this.ends = new int[slots];
    this.sorted = new int[maxBatch];
    this.block = allocator.buffer(Math.max(1, capacity) * stride);
  }

  /**
   * Adds a step.
   *
   * @param batch its rows; those of one slot keep their order
   * @param step steps taken before it, over the whole training
   * @param seed what its dropout depends on, with the step's number
   * @param epochKey what its augmentation depends on, with the numbers of the examples
   */
  public void add(BatchRows batch, long step, long seed, long epochKey) {
    add(batch, step, step, seed, epochKey);
  }

  /**
   * Adds a step of an optimizer whose state is younger than the training.
   *
   * @param age steps that the state has seen before it
   */
  public void add(BatchRows batch, long step, long age, long seed, long epochKey) {
    if (batch.size() == 0 || batch.size() > maxBatch) {
      throw new IllegalArgumentException(
          "a batch must have between 1 and %d rows, but had: %d".formatted(maxBatch, batch.size()));
    }
    if (steps == batches.length) {
      throw new IllegalStateException(
          "a plan must stay within its capacity of steps, but that was: " + steps);
    }
    requireSlot(batch.least());
    requireSlot(batch.most());
    long at = steps * stride;
    block.setLong(at + STEP_AT, age);
    block.setLong(at + SEED_AT, seed);
    block.setLong(at + SEED_AT + Long.BYTES, step);
    block.setLong(at + SEED_AT + 2 * Long.BYTES, epochKey);
    layOut(batch, at);
    batches[steps] = batch.size();
    steps++;
  }

  private void requireSlot(int slot) {
    if (slot < 0 || slot >= ends.length) {
      throw new IllegalArgumentException(
          "a slot must be one of the program's %d, but was: %d".formatted(ends.length, slot));
    }
  }

  private void layOut(BatchRows batch, long at) {
    batch.sort(ends, sorted);
    int start = 0;
    for (int slot = 0; slot < ends.length; slot++) {
      block.setInt(at + COUNTS_AT + (long) slot * Integer.BYTES, ends[slot] - start);
      start = ends[slot];
    }
    block
        .nioBuffer(at + rowsAt, batch.size() * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .asIntBuffer()
        .put(sorted, 0, batch.size());
  }

  /** Slots of the program it is for. */
  public int slots() {
    return ends.length;
  }

  /** Number of steps. */
  public int steps() {
    return steps;
  }

  /** Rows of a step. */
  public int batch(int step) {
    return batches[step];
  }

  /** Steps of the whole training that were taken before a step. */
  long number(int step) {
    return block.getLong(step * stride + SEED_AT + Long.BYTES);
  }

  /** Rows of all steps. */
  public long examples() {
    long examples = 0;
    for (int i = 0; i < steps; i++) {
      examples += batches[i];
    }
    return examples;
  }

  TensorLease lendRows(int step, CopyLedger ledger) {
    return TensorLease.lend(
        block, step * stride + rowsAt, ElementType.INT32, new long[] {batches[step]}, ledger);
  }

  TensorLease lendCounts(int step, CopyLedger ledger) {
    return TensorLease.lend(
        block, step * stride + COUNTS_AT, ElementType.INT32, new long[] {slots()}, ledger);
  }

  TensorLease lendStep(int step, CopyLedger ledger) {
    return TensorLease.lend(block, step * stride + STEP_AT, ElementType.INT64, SCALAR, ledger);
  }

  TensorLease lendSeed(int step, CopyLedger ledger) {
    return TensorLease.lend(block, step * stride + SEED_AT, ElementType.INT64, SEEDS, ledger);
  }

  @Override
  public void close() {
    block.close();
  }
}
