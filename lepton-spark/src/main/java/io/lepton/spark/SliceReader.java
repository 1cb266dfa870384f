package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedRuns;
import io.lepton.spark.exchange.ArrivedSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the slices that {@link DeltaForm#encode} wrote, one after the other. One thread. */
final class SliceReader {
  private static final int PIECE = 1 << 15;

  /** Bytes it takes beside a slice. */
  static final long BYTES = (long) PIECE * Float.BYTES;

  private final DeltaCodec codec;
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect((int) BYTES).order(ByteOrder.nativeOrder());

  SliceReader(DeltaCodec codec) {
    this.codec = codec;
  }

  /** Takes decoded elements. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes some that lie together; those that are left out are zeros.
     *
     * @param values used again for the next
     * @param source place of the first in the values
     * @param target its place in the slice
     */
    void take(float[] values, int source, int count, int target);
  }

  /** Reads a slice of so many elements to its end. */
  void read(ArrivedSlice slice, int count, Sink sink) {
    TouchedRuns runs = runs(slice, count);
    for (int first = 0; first < runs.kept(); first += PIECE) {
      int some = Math.min(PIECE, runs.kept() - first);
      slice.read(bytes.clear().limit(codec.encodedBytes(some)));
      codec.decode(
          bytes.flip(),
          some,
          (at, values, length) ->
              runs.next(length, (target, source, part) -> sink.take(values, source, part, target)));
    }
  }

  private TouchedRuns runs(ArrivedSlice slice, int count) {
    if (slice.remaining() == codec.encodedBytes(count)) {
      return TouchedRuns.whole(count);
    }
    ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    slice.read(size);
    ByteBuffer runs = ByteBuffer.allocate(size.getInt(0));
    slice.read(runs);
    return TouchedRuns.of(codec, runs.flip(), count);
  }
}
