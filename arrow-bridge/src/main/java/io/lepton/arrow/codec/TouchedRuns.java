package io.lepton.arrow.codec;

import java.nio.ByteBuffer;

/**
 * Where coded elements belong, read once from front to end: all of a slice one after the other, or
 * those of its {@link TouchedBlocks}. One thread.
 */
public final class TouchedRuns {
  private final ByteBuffer runs;
  private final int block;
  private final int count;
  private final int kept;
  private int target;
  private int left;

  private TouchedRuns(ByteBuffer runs, int block, int count, int kept) {
    this.runs = runs;
    this.block = block;
    this.count = count;
    this.kept = kept;
  }

  /** Receives elements that lie together. */
  @FunctionalInterface
  public interface Part {
    /**
     * Takes some.
     *
     * @param target place of the first in the slice
     * @param source its place in the piece
     */
    void take(int target, int source, int count);
  }

  /** Those of a slice that is there as a whole. */
  public static TouchedRuns whole(int count) {
    TouchedRuns whole = new TouchedRuns(ByteBuffer.allocate(0), 1, count, count);
    whole.left = count;
    return whole;
  }

  /**
   * Those of a slice of which blocks are left out.
   *
   * @param runs what comes between the size and the elements
   * @param count elements of the whole slice
   */
  public static TouchedRuns of(DeltaCodec codec, ByteBuffer runs, int count) {
    int block = TouchedBlocks.blockSize(codec);
    int kept = 0;
    int at = 0;
    for (ByteBuffer rest = runs.duplicate(); rest.hasRemaining(); ) {
      at += TouchedBlocks.get(rest) * block;
      int length = Math.min(TouchedBlocks.get(rest) * block, count - at);
      if (at < 0 || length < 0) {
        throw new IllegalArgumentException(
            "runs must stay within their slice of %d elements, but went to: %d"
                .formatted(count, at));
      }
      kept += length;
      at += length;
    }
    return new TouchedRuns(runs.duplicate(), block, count, kept);
  }

  /** Elements that are there. */
  public int kept() {
    return kept;
  }

  /** How many of the next elements have their places before one of the slice. */
  public int before(int end) {
    int some = 0;
    int at = target;
    int length = left;
    ByteBuffer ahead = runs.duplicate();
    while (at + length <= end) {
      some += length;
      at += length;
      if (!ahead.hasRemaining()) {
        return some;
      }
      at += TouchedBlocks.get(ahead) * block;
      length = Math.min(TouchedBlocks.get(ahead) * block, count - at);
    }
    return some + Math.max(0, end - at);
  }

  /** Gives the next elements their places. */
  public void next(int length, Part part) {
    for (int source = 0; source < length; ) {
      if (left == 0) {
        target += TouchedBlocks.get(runs) * block;
        left = Math.min(TouchedBlocks.get(runs) * block, count - target);
      }
      int some = Math.min(left, length - source);
      part.take(target, source, some);
      target += some;
      left -= some;
      source += some;
    }
  }
}
