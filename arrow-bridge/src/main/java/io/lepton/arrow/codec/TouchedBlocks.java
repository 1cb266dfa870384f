package io.lepton.arrow.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Coded elements without the blocks that are read as zeros: which ones are there, then these as the
 * codec writes them. Of a table of which few rows moved, little more than these rows is left.
 *
 * <p>The bytes are an int32, the size of what follows it up to the elements: for each run of blocks
 * how many are left out before it and how many it has, seven bits a byte, the lowest first, the
 * eighth set but in the last. Little-endian. Blocks are the codec's, or four float32 or eight
 * halves; so the elements are coded to the very bytes they have among all others.
 */
public final class TouchedBlocks {
  /** Bytes of a block where elements are coded by themselves. */
  private static final int BYTES = 16;

  /** Blocks that are looked at together, to tell quickly that there is nothing to leave out. */
  private static final int GROUP = 1024;

  /** Part of the groups that must be zero. */
  private static final int FEW = 8;

  private TouchedBlocks() {}

  /**
   * What is left without blocks of zeros.
   *
   * @param dense elements as {@link DeltaCodec#encode} wrote them; its position does not move
   * @return empty if it would not be smaller
   */
  public static Optional<ByteBuffer> of(DeltaCodec codec, int count, ByteBuffer dense) {
    ByteBuffer bytes = dense.slice().order(ByteOrder.LITTLE_ENDIAN);
    int block = blockBytes(codec);
    if (!isWorthwhile(codec, bytes, block)) {
      return Optional.empty();
    }
    ByteBuffer runs = ByteBuffer.allocate(bytes.limit());
    int kept = 0;
    int end = 0;
    for (int at = next(codec, bytes, 0, bytes.limit(), block, false); at < bytes.limit(); ) {
      int after = next(codec, bytes, at, bytes.limit(), block, true);
      if (runs.remaining() < 10) {
        return Optional.empty();
      }
      put(runs, (at - end) / block);
      put(runs, (after - at + block - 1) / block);
      kept += after - at;
      end = after;
      at = next(codec, bytes, after, bytes.limit(), block, false);
    }
    int size = Integer.BYTES + runs.position() + kept;
    return size < bytes.limit()
        ? Optional.of(gather(bytes, runs.flip(), size, block))
        : Optional.empty();
  }

  /** Elements of a block. */
  static int blockSize(DeltaCodec codec) {
    return codec.blockSize() > 1 ? codec.blockSize() : BYTES / codec.encodedBytes(1);
  }

  private static ByteBuffer gather(ByteBuffer bytes, ByteBuffer runs, int size, int block) {
    ByteBuffer gathered = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    gathered.putInt(runs.limit()).put(runs.duplicate());
    int at = 0;
    while (runs.hasRemaining()) {
      at += get(runs) * block;
      int length = Math.min(get(runs) * block, bytes.limit() - at);
      gathered.put(bytes.slice(at, length));
      at += length;
    }
    return gathered.flip().order(ByteOrder.nativeOrder());
  }

  private static boolean isWorthwhile(DeltaCodec codec, ByteBuffer bytes, int block) {
    int group = Math.max(1, GROUP / block) * block;
    int groups = bytes.limit() / group;
    int zero = 0;
    for (int from = 0; from + group <= bytes.limit(); from += group) {
      int to = from + group;
      zero += next(codec, bytes, from, to, block, false) == to ? 1 : 0;
    }
    return zero > 0 && zero >= groups / FEW;
  }

  /** Where the first block from one on begins that is zero, or is not; the end if there is none. */
  private static int next(
      DeltaCodec codec, ByteBuffer bytes, int from, int end, int block, boolean zero) {
    int at = from;
    while (at < end && isZero(codec, bytes, at, Math.min(end, at + block)) != zero) {
      at = Math.min(end, at + block);
    }
    return at;
  }

  private static boolean isZero(DeltaCodec codec, ByteBuffer bytes, int from, int to) {
    int at = from;
    if (codec.blockSize() > 1) {
      if (Float.isNaN(bytes.getFloat(at))) {
        return false;
      }
      at += Float.BYTES;
    }
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      if (bytes.getLong(at) != 0) {
        return false;
      }
    }
    for (; at < to; at++) {
      if (bytes.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int blockBytes(DeltaCodec codec) {
    return codec.encodedBytes(blockSize(codec));
  }

  private static void put(ByteBuffer runs, int value) {
    int left = value;
    for (; left > 127; left >>>= 7) {
      runs.put((byte) (left | 128));
    }
    runs.put((byte) left);
  }

  static int get(ByteBuffer runs) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = runs.get();
      value |= (next & 127) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
