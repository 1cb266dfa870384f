package io.lepton.arrow.codec;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * How float32 deltas are written to bytes and read again.
 *
 * <p>A codec holds no state and may be used by any number of threads; a call takes some 64 KiB of
 * heap. What is written depends on the values alone and is little-endian. Slices that begin at
 * multiples of {@link #blockSize} are coded independently: their bytes, one after the other, are
 * the bytes of the whole.
 *
 * <p>Finite values are read as finite values, those beyond the format's largest as that one. What
 * is not finite is never read as a number: formats of single elements keep infinities and NaN; a
 * block of {@link #INT8} or {@link #INT4} in which anything is not finite is read as all NaN.
 */
public enum DeltaCodec {
  /** The elements as they are. */
  FLOAT32(32, 1),
  /** The upper half of a float32, rounded to the nearest, ties to even: 8 significant bits. */
  BFLOAT16(16, 1),
  /**
   * IEEE 754 binary16, rounded to the nearest, ties to even: 11 significant bits from 2^-14 to
   * 65,504, multiples of 2^-24 below.
   */
  FLOAT16(16, 1),
  /**
   * Blocks of 256, each a float32 scale of a 127th of the largest magnitude (at least 2^-126) and a
   * byte an element, how often the scale goes into it: off by half a scale at most.
   */
  INT8(8, Int8Coding.BLOCK),
  /**
   * Blocks of 64, each a float32 scale of a 7th of the largest magnitude (at least 2^-126) and half
   * a byte an element, the even one in the lower half: off by half a scale at most.
   */
  INT4(4, Int4Coding.BLOCK);

  /** Takes decoded elements, a piece at a time and in order. */
  public interface Sink {
    /**
     * Takes the next piece.
     *
     * @param at index of its first element among those decoded
     * @param values holds them from 0 on; used again for the next piece
     * @param count how many they are
     */
    void accept(int at, float[] values, int count);
  }

  private static final int PIECE = 4096;

  private final int bits;
  private final int block;

  DeltaCodec(int bits, int block) {
    this.bits = bits;
    this.block = block;
  }

  /** Its name in configurations and results, as {@code bfloat16}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Elements that share a scale; 1 if there are no scales. */
  public int blockSize() {
    return block;
  }

  /** Bytes that so many elements take. */
  public int encodedBytes(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative, but was: " + count);
    }
    long scales = block == 1 ? 0 : ((long) count + block - 1) / block * Float.BYTES;
    return Math.toIntExact(scales + ((long) count * bits + 7) / 8);
  }

  /**
   * Writes elements.
   *
   * @param coded from its position to its limit, neither of which moves, exactly {@link
   *     #encodedBytes}
   */
  public void encode(FlatVector source, long from, int count, ByteBuffer coded) {
    ByteBuffer target = contents(coded, count);
    requireInside(source, from, count);
    Coding coding = coding();
    FloatBuffer floats = source.floats(from, count);
    float[] values = new float[PIECE];
    for (int at = 0; at < count; at += PIECE) {
      int length = Math.min(PIECE, count - at);
      floats.get(at, values, 0, length);
      coding.encode(values, length, target);
    }
  }

  /**
   * Writes elements plus what earlier calls lost of them, and keeps what this one loses: error
   * feedback as in Karimireddy et al., "Error Feedback Fixes SignSGD", arXiv 1901.09847. All that
   * was ever read and the residual sum up to all that was ever given. Of what is not finite nothing
   * is kept.
   *
   * @param residual the caller's, as large as the source and zero at first; its elements in the
   *     same places are read and replaced
   * @param coded as in {@link #encode(FlatVector, long, int, ByteBuffer)}
   */
  public void encode(
      FlatVector source, FlatVector residual, long from, int count, ByteBuffer coded) {
    if (residual.size() != source.size()) {
      throw new IllegalArgumentException(
          "a residual must have the %d elements of its source, but had: %d"
              .formatted(source.size(), residual.size()));
    }
    ByteBuffer target = contents(coded, count);
    ByteBuffer written = contents(coded, count);
    requireInside(source, from, count);
    Coding coding = coding();
    FloatBuffer floats = source.floats(from, count);
    FloatBuffer losses = residual.floats(from, count);
    float[] values = new float[PIECE];
    float[] other = new float[PIECE];
    for (int at = 0; at < count; at += PIECE) {
      int length = Math.min(PIECE, count - at);
      floats.get(at, values, 0, length);
      losses.get(at, other, 0, length);
      add(values, other, length);
      coding.encode(values, length, target);
      coding.decode(written, length, other);
      subtract(values, other, length);
      losses.put(at, values, 0, length);
    }
  }

  /**
   * Reads elements to where they are used, as a sum.
   *
   * @param coded as it was when written; its position does not move
   */
  public void decode(ByteBuffer coded, int count, Sink sink) {
    ByteBuffer source = contents(coded, count);
    Coding coding = coding();
    float[] values = new float[PIECE];
    for (int at = 0; at < count; at += PIECE) {
      int length = Math.min(PIECE, count - at);
      coding.decode(source, length, values);
      sink.accept(at, values, length);
    }
  }

  /**
   * Reads elements into a vector.
   *
   * @param coded as it was when written; its position does not move
   */
  public void decode(ByteBuffer coded, FlatVector target, long from, int count) {
    requireInside(target, from, count);
    FloatBuffer floats = target.floats(from, count);
    decode(coded, count, (at, values, length) -> floats.put(at, values, 0, length));
  }

  /** Reads elements piece by piece. */
  public Decoder decoder() {
    return new Decoder(coding());
  }

  private Coding coding() {
    return switch (this) {
      case FLOAT32 -> new Float32Coding();
      case BFLOAT16 -> new Bfloat16Coding();
      case FLOAT16 -> new Float16Coding();
      case INT8 -> new Int8Coding();
      case INT4 -> new Int4Coding();
    };
  }

  private ByteBuffer contents(ByteBuffer coded, int count) {
    int bytes = encodedBytes(count);
    if (coded.remaining() != bytes) {
      throw new IllegalArgumentException(
          "%d elements as %s take a buffer of %d bytes, but it had: %d"
              .formatted(count, word(), bytes, coded.remaining()));
    }
    return coded.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void requireInside(FlatVector vector, long from, int count) {
    if (from < 0 || count > vector.size() - from) {
      throw new IllegalArgumentException(
          "elements must lie inside their vector of %d, but were: %d from %d"
              .formatted(vector.size(), count, from));
    }
  }

  private static void add(float[] values, float[] residual, int count) {
    for (int i = 0; i < count; i++) {
      values[i] += residual[i];
    }
  }

  private static void subtract(float[] values, float[] decoded, int count) {
    for (int i = 0; i < count; i++) {
      float lost = values[i] - decoded[i];
      values[i] = Float.isNaN(lost) ? 0 : lost;
    }
  }
}
