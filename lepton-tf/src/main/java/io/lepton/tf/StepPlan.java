package io.lepton.tf;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.TensorLease;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What some consecutive steps on one chunk are fed: each step's rows, number and seed, laid out in
 * one aligned block so that a step lends its part in place.
 *
 * <p>Owned by whoever made it; TensorFlow may keep parts beyond {@link #close()}.
 */
public final class StepPlan implements AutoCloseable {
  private static final int STEP_AT = 0;
  private static final int SEED_AT = AlignedMemory.ALIGNMENT;
  private static final int ROWS_AT = 2 * AlignedMemory.ALIGNMENT;
  private static final long[] SCALAR = {};
  private static final long[] PAIR = {2};

  private final ArrowBuf block;
  private final long stride;
  private final int[] batches;
  private int steps;

  /**
   * Makes an empty plan.
   *
   * @param capacity steps it can hold
   * @param maxBatch rows of its largest batch
   */
  public StepPlan(BufferAllocator allocator, int capacity, int maxBatch) {
    this.stride = ROWS_AT + AlignedMemory.roundUp((long) maxBatch * Integer.BYTES);
    this.batches = new int[capacity];
    this.block = allocator.buffer(Math.max(1, capacity) * stride);
  }

  /**
   * Adds a step; its rows are then set one by one.
   *
   * @param batch number of its rows
   * @param step steps taken before it, over the whole training
   * @param seed what its randomness depends on, with the step's number
   */
  public void add(int batch, long step, long seed) {
    if (batch <= 0 || ROWS_AT + (long) batch * Integer.BYTES > stride) {
      throw new IllegalArgumentException(
          "a batch must have between 1 and %d rows, but had: %d"
              .formatted((stride - ROWS_AT) / Integer.BYTES, batch));
    }
    if (steps == batches.length) {
      throw new IllegalStateException(
          "a plan must stay within its capacity of steps, but that was: " + steps);
    }
    batches[steps] = batch;
    long at = steps * stride;
    block.setLong(at + STEP_AT, step);
    block.setLong(at + SEED_AT, seed);
    block.setLong(at + SEED_AT + Long.BYTES, step);
    steps++;
  }

  /** Sets a row of the step added last: an index into the chunk. */
  public void setRow(int position, int row) {
    block.setInt((steps - 1) * stride + ROWS_AT + (long) position * Integer.BYTES, row);
  }

  /** Number of steps. */
  public int steps() {
    return steps;
  }

  /** Rows of a step. */
  public int batch(int step) {
    return batches[step];
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
        block, step * stride + ROWS_AT, ElementType.INT32, new long[] {batches[step]}, ledger);
  }

  TensorLease lendStep(int step, CopyLedger ledger) {
    return TensorLease.lend(block, step * stride + STEP_AT, ElementType.INT64, SCALAR, ledger);
  }

  TensorLease lendSeed(int step, CopyLedger ledger) {
    return TensorLease.lend(block, step * stride + SEED_AT, ElementType.INT64, PAIR, ledger);
  }

  @Override
  public void close() {
    block.close();
  }
}
