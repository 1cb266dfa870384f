package io.lepton.arrow;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Vectors that are used again, as fresh memory is slow to come by. A vector comes back by itself
 * when the last one who held it lets go. Any thread.
 */
public final class VectorPool implements AutoCloseable {
  private final int spares;
  private final ArrayDeque<FlatVector> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * An empty pool.
   *
   * @param spares most vectors it keeps that nobody uses; the longest unused goes first
   */
  public VectorPool(int spares) {
    if (spares < 0) {
      throw new IllegalArgumentException("spares must not be negative, but was: " + spares);
    }
    this.spares = spares;
  }

  /**
   * A vector that the caller holds, of any contents.
   *
   * @param size elements
   */
  public FlatVector take(long size) {
    FlatVector spare = spare(size);
    return spare == null ? FlatVector.allocate(size, this::back) : spare;
  }

  /** Vectors that nobody uses. */
  public synchronized int idle() {
    return idle.size();
  }

  /** Keeps none any more, nor those that come back later. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.clear();
  }

  private synchronized FlatVector spare(long size) {
    for (Iterator<FlatVector> each = idle.iterator(); each.hasNext(); ) {
      FlatVector vector = each.next();
      if (vector.size() == size) {
        each.remove();
        return vector.taken();
      }
    }
    return null;
  }

  private synchronized void back(FlatVector vector) {
    assert poisoned(vector);
    if (!closed) {
      idle.addFirst(vector);
      while (idle.size() > spares) {
        idle.removeLast();
      }
    }
  }

  /** So that who still reads it does not go unnoticed. */
  private static boolean poisoned(FlatVector vector) {
    vector.poison();
    return true;
  }
}
