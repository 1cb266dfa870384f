package io.lepton.spark;

import io.lepton.arrow.codec.Decoder;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedRuns;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.ArrivedSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads slices that {@link DeltaForm#encode} wrote, several side by side. One thread. */
final class SliceReader {
  /** Elements that are decoded at once; of whole blocks, whatever the codec. */
  static final int PIECE = MeanMove.PIECE;

  /** Bytes it takes beside slices. */
  static final long BYTES = 2L * PIECE * Float.BYTES;

  private final DeltaCodec codec;
  private final Decoder decoder;
  private final ByteBuffer bytes;
  private final float[] values = new float[PIECE];

  SliceReader(DeltaCodec codec) {
    this.codec = codec;
    this.decoder = codec.decoder();
    this.bytes =
        ByteBuffer.allocateDirect(codec.encodedBytes(PIECE)).order(ByteOrder.nativeOrder());
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

  /** A slice of so many elements, which is closed with what is returned. */
  Reading open(ArrivedSlice slice, int count) {
    return new Reading(slice, runs(slice, count));
  }

  /** Reads a slice of so many elements to its end. */
  void read(ArrivedSlice slice, int count, Sink sink) {
    open(slice, count).read(count, sink);
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

  /** A slice that is read from front to end. */
  final class Reading implements AutoCloseable {
    private final ArrivedSlice slice;
    private final TouchedRuns runs;

    private Reading(ArrivedSlice slice, TouchedRuns runs) {
      this.slice = slice;
      this.runs = runs;
    }

    /**
     * Reads the elements that come next.
     *
     * @param end of their places: that of the slice, or where a block of any codec begins, as at
     *     multiples of {@link #PIECE}
     */
    void read(int end, Sink sink) {
      for (int left = runs.before(end); left > 0; left -= PIECE) {
        int some = Math.min(PIECE, left);
        slice.read(bytes.clear().limit(codec.encodedBytes(some)));
        decoder.read(bytes.flip(), some, values);
        runs.next(some, (target, source, part) -> sink.take(values, source, part, target));
      }
    }

    @Override
    public void close() {
      slice.close();
    }
  }
}
