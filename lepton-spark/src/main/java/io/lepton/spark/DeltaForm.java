package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedBlocks;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.Publisher;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How deltas travel.
 *
 * @param codec of their elements
 * @param feedback whether what the codec loses is added to the next delta of the same replica
 * @param size elements that travel, from the first; those after them stay as they are
 * @param slice elements of each slice but a shorter last one
 */
record DeltaForm(DeltaCodec codec, boolean feedback, long size, int slice) implements Serializable {
  private static final int LARGE = Publisher.SLICE / Float.BYTES;
  private static final long MANY = 16;

  /** With slices as large as {@link Publisher#slice} says. */
  DeltaForm(DeltaCodec codec, boolean feedback, long size) {
    this(codec, feedback && codec != DeltaCodec.FLOAT32, size, elements(size));
  }

  /** One for what all executors read, perhaps of each other: in larger slices if it is large. */
  static DeltaForm shared(DeltaCodec codec, long size) {
    return new DeltaForm(codec, false, size, size < MANY * LARGE ? elements(size) : LARGE);
  }

  /** All elements as they are. */
  static DeltaForm plain(long size) {
    return new DeltaForm(DeltaCodec.FLOAT32, false, size);
  }

  int slices() {
    return Math.toIntExact((size + slice - 1) / slice);
  }

  /** The first element of a slice. */
  long from(int index) {
    return (long) index * slice;
  }

  /** Elements of a slice. */
  int count(int index) {
    return (int) Math.min(slice, size - from(index));
  }

  /**
   * Bytes of a delta of any size of which nothing is left out, in slices as large as {@link
   * Publisher} likes them.
   */
  static long bytes(DeltaCodec codec, long size) {
    int slice = elements(size);
    return size / slice * codec.encodedBytes(slice) + codec.encodedBytes((int) (size % slice));
  }

  private static int elements(long size) {
    return Publisher.slice(size * Float.BYTES) / Float.BYTES;
  }

  /**
   * The slices of a delta, each without the blocks that are read as zeros if that makes it smaller
   * than {@link DeltaCodec#encodedBytes}, else whole; views of it where nothing is coded.
   *
   * @param residual of the elements that travel: what the codec lost before, replaced by what it
   *     has lost now; null without feedback
   */
  List<ByteBuffer> encode(FlatVector delta, FlatVector residual) {
    List<ByteBuffer> slices = new ArrayList<>();
    ByteBuffer spare = null;
    for (int index = 0; index < slices(); index++) {
      int count = count(index);
      FlatVector part = delta.part(from(index), count);
      ByteBuffer whole =
          codec == DeltaCodec.FLOAT32 ? part.bytes() : buffer(codec.encodedBytes(count), spare);
      write(part, residual == null ? null : residual.part(from(index), count), whole);
      Optional<ByteBuffer> touched = TouchedBlocks.of(codec, count, whole);
      spare = touched.isPresent() ? whole : null;
      slices.add(touched.orElse(whole));
    }
    return slices;
  }

  /** A slice by itself, likewise and without feedback, of a codec that codes. */
  ByteBuffer encode(FlatVector part) {
    int count = (int) part.size();
    ByteBuffer whole = buffer(codec.encodedBytes(count), null);
    write(part, null, whole);
    return TouchedBlocks.of(codec, count, whole).orElse(whole);
  }

  private void write(FlatVector part, FlatVector residual, ByteBuffer whole) {
    if (residual != null) {
      codec.encode(part, residual, 0, (int) part.size(), whole);
    } else if (codec != DeltaCodec.FLOAT32) {
      codec.encode(part, 0, (int) part.size(), whole);
    }
  }

  /** Adds the elements of an encoded slice to those of a vector, as float32. */
  void add(SliceReader reader, ArrivedSlice from, int index, FlatVector sums) {
    FloatBuffer floats = sums.floats(from(index), count(index));
    float[] piece = new float[SliceReader.PIECE];
    reader.read(
        from,
        count(index),
        (values, source, count, target) -> {
          floats.get(target, piece, 0, count);
          for (int i = 0; i < count; i++) {
            piece[i] += values[source + i];
          }
          floats.put(target, piece, 0, count);
        });
  }

  private static ByteBuffer buffer(int bytes, ByteBuffer spare) {
    return spare != null && spare.capacity() == bytes
        ? spare.clear()
        : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** CRC-32C of slices, one after the other. */
  static long checksum(List<ByteBuffer> slices) {
    CRC32C checksum = new CRC32C();
    slices.forEach(slice -> checksum.update(slice.duplicate()));
    return checksum.getValue();
  }
}
