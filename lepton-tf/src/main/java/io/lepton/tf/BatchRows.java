package io.lepton.tf;

import java.util.Arrays;

/** The rows of one batch, position by position: which slot's chunk, and which row of it. */
public final class BatchRows {
  private final int[] slots;
  private final int[] rows;
  private int size;
  private int least;
  private int most;

  /**
   * An empty batch.
   *
   * @param capacity rows it can hold
   */
  public BatchRows(int capacity) {
    this.slots = new int[capacity];
    this.rows = new int[capacity];
    clear();
  }

  /** Takes all rows out, to be filled again. */
  public void clear() {
    size = 0;
    least = Integer.MAX_VALUE;
    most = Integer.MIN_VALUE;
  }

  /**
   * Adds a row.
   *
   * @param slot from 0
   * @param row an index into the chunk that is loaded there
   */
  public void add(int slot, int row) {
    if (size == rows.length) {
      throw new IllegalStateException(
          "a batch must stay within its capacity of rows, but that was: " + size);
    }
    slots[size] = slot;
    rows[size] = row;
    size++;
    least = Math.min(least, slot);
    most = Math.max(most, slot);
  }

  /**
   * Makes it rows of one slot and no others.
   *
   * @param slot from 0
   * @param indices into the chunk that is loaded there, from the first on
   * @param count how many of them
   */
  public void fill(int slot, int[] indices, int count) {
    if (count > rows.length) {
      throw new IllegalStateException(
          "a batch must stay within its capacity of %d rows, but was to have: %d"
              .formatted(rows.length, count));
    }
    System.arraycopy(indices, 0, rows, 0, count);
    Arrays.fill(slots, 0, count, slot);
    size = count;
    least = slot;
    most = slot;
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  /** The slot of a position. */
  public int slot(int position) {
    return slots[position];
  }

  /** The row of a position. */
  public int row(int position) {
    return rows[position];
  }

  /** The first slot that any row is of; there must be one. */
  int least() {
    return least;
  }

  /** The last slot that any row is of; there must be one. */
  int most() {
    return most;
  }

  /**
   * Tells the rows slot after slot, those of one slot in their order.
   *
   * @param ends to be filled with where those of each slot end, slot by slot
   * @param sorted to be filled with the rows, from the first element on
   */
  void sort(int[] ends, int[] sorted) {
    Arrays.fill(ends, 0);
    if (least == most) {
      System.arraycopy(rows, 0, sorted, 0, size);
      Arrays.fill(ends, least, ends.length, size);
      return;
    }
    for (int i = 0; i < size; i++) {
      ends[slots[i]]++;
    }
    int start = 0;
    for (int slot = 0; slot < ends.length; slot++) {
      int count = ends[slot];
      ends[slot] = start;
      start += count;
    }
    for (int i = 0; i < size; i++) {
      sorted[ends[slots[i]]++] = rows[i];
    }
  }
}
