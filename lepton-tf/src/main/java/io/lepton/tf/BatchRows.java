package io.lepton.tf;

/** The rows of one batch, position by position: which slot's chunk, and which row of it. */
public final class BatchRows {
  private final int[] slots;
  private final int[] rows;
  private int size;

  /**
   * An empty batch.
   *
   * @param capacity rows it can hold
   */
  public BatchRows(int capacity) {
    this.slots = new int[capacity];
    this.rows = new int[capacity];
  }

  /** Takes all rows out, to be filled again. */
  public void clear() {
    size = 0;
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
}
