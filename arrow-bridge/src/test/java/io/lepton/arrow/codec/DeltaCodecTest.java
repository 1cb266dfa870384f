package io.lepton.arrow.codec;

import static io.lepton.arrow.codec.Coded.allMagnitudes;
import static io.lepton.arrow.codec.Coded.bytes;
import static io.lepton.arrow.codec.Coded.elements;
import static io.lepton.arrow.codec.Coded.roundTrip;
import static io.lepton.arrow.codec.Coded.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeltaCodecTest {
  private static final int SIZE = 10_007;
  private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

  @Test
  void wordsAreThoseOfConfigurations() {
    assertThat(Arrays.stream(DeltaCodec.values()).map(DeltaCodec::word))
        .containsExactly("float32", "bfloat16", "float16", "int8", "int4");
  }

  @Test
  void bytesAreKnownBeforehand() {
    assertThat(bytesOf(1_000_000))
        .containsExactly(4_000_000, 2_000_000, 2_000_000, 1_015_628, 562_500);
    assertThat(bytesOf(65)).containsExactly(260, 130, 130, 69, 41);
    assertThat(bytesOf(1)).containsExactly(4, 2, 2, 5, 5);
    assertThat(bytesOf(0)).containsOnly(0);
  }

  @Test
  void int8TakesAtMost27HundredthsOfFloat32() {
    for (int count : List.of(256, 1000, 10_000, 123_456_789)) {
      assertThat((double) DeltaCodec.INT8.encodedBytes(count) / count / Float.BYTES)
          .isLessThanOrEqualTo(0.27);
    }
  }

  @Test
  void float32KeepsEveryBit() {
    FlatVector source = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      source.set(i, Float.intBitsToFloat(0x9e3779b9 * i));
    }
    FlatVector decoded = FlatVector.allocate(SIZE);

    DeltaCodec.FLOAT32.decode(bytes(DeltaCodec.FLOAT32, source, 0, SIZE), decoded, 0, SIZE);

    assertThat(decoded.bytes()).isEqualTo(source.bytes());
  }

  @ParameterizedTest
  @EnumSource
  void bytesOfSlicesAreTheBytesOfTheWhole(DeltaCodec codec) {
    FlatVector source = vector(allMagnitudes(SIZE, 3));
    ByteBuffer slices = ByteBuffer.allocate(codec.encodedBytes(SIZE));
    int slice = 19 * codec.blockSize();
    for (int from = 0; from < SIZE; from += slice) {
      slices.put(bytes(codec, source, from, Math.min(slice, SIZE - from)));
    }

    assertThat(slices.flip()).isEqualTo(bytes(codec, source, 0, SIZE));
  }

  @ParameterizedTest
  @EnumSource
  void aSliceIsDecodedWhereItBelongs(DeltaCodec codec) {
    float[] values = allMagnitudes(SIZE, 4);
    int from = 5 * codec.blockSize();
    int count = SIZE - from - 1;
    FlatVector decoded = FlatVector.allocate(SIZE);

    codec.decode(bytes(codec, vector(values), from, count), decoded, from, count);

    float[] expected = new float[SIZE];
    float[] slice = roundTrip(codec, Arrays.copyOfRange(values, from, from + count));
    System.arraycopy(slice, 0, expected, from, count);
    assertThat(elements(decoded)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aSinkIsGivenAllElementsInOrder(DeltaCodec codec) {
    float[] values = allMagnitudes(SIZE, 5);
    float[] taken = new float[SIZE];
    int[] next = {0};

    codec.decode(
        bytes(codec, vector(values), 0, SIZE),
        SIZE,
        (at, piece, count) -> {
          assertThat(at).isEqualTo(next[0]);
          System.arraycopy(piece, 0, taken, at, count);
          next[0] += count;
        });

    assertThat(next[0]).isEqualTo(SIZE);
    assertThat(taken).isEqualTo(roundTrip(codec, values));
  }

  @ParameterizedTest
  @EnumSource
  void piecesAreReadOneAfterTheOtherAsTheWholeIs(DeltaCodec codec) {
    float[] values = allMagnitudes(SIZE, 3);
    ByteBuffer coded = bytes(codec, vector(values), 0, SIZE);
    float[] read = new float[SIZE];
    float[] piece = new float[1024];

    Decoder decoder = codec.decoder();
    for (int from = 0; from < SIZE; from += piece.length) {
      int count = Math.min(piece.length, SIZE - from);
      decoder.read(coded, count, piece);
      System.arraycopy(piece, 0, read, from, count);
    }

    assertThat(read).isEqualTo(roundTrip(codec, values));
    assertThat(coded.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anyNumberOfElementsComesBack(DeltaCodec codec) {
    for (int count :
        IntStream.concat(IntStream.range(0, 70), IntStream.of(255, 257, 4097)).toArray()) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = i % 2 == 0 ? 7 : -7;
      }

      assertThat(roundTrip(codec, values)).containsExactly(values, CLOSE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotFiniteIsNeverReadAsANumber(DeltaCodec codec) {
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] values = allMagnitudes(1000, 6);
      values[777] = poison;

      float[] decoded = roundTrip(codec, values);

      int block = 777 / codec.blockSize() * codec.blockSize();
      for (int i = 0; i < values.length; i++) {
        boolean poisoned = i >= block && i < block + codec.blockSize();
        assertThat(Float.isFinite(decoded[i])).as("%d", i).isEqualTo(!poisoned);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLargestNumbersStayFinite(DeltaCodec codec) {
    float max = Float.MAX_VALUE;
    float[] decoded = roundTrip(codec, max, -max, Math.nextDown(max), max * 0.999f);

    for (float value : decoded) {
      assertThat(value).isFinite();
    }
    assertThat(decoded[1]).isEqualTo(-decoded[0]).isLessThan(-65_000);
  }

  @ParameterizedTest
  @EnumSource
  void zerosAreZero(DeltaCodec codec) {
    assertThat(roundTrip(codec, 0f, -0f, 1f, 0f, -0f))
        .containsExactly(new float[] {0, 0, 1, 0, 0}, CLOSE);
    assertThat(roundTrip(codec, new float[300])).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void aBufferIsWrittenFromItsPositionAndInLittleEndian(DeltaCodec codec) {
    FlatVector source = vector(allMagnitudes(100, 7));
    int size = codec.encodedBytes(100);
    ByteBuffer coded = ByteBuffer.allocate(size + 24).position(11).limit(11 + size);

    codec.encode(source, 0, 100, coded);

    assertThat(coded.position()).isEqualTo(11);
    assertThat(coded.slice()).isEqualTo(bytes(codec, source, 0, 100));
    assertThat(coded.clear().get(10)).isZero();
    assertThat(coded.get(11 + size)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aBufferOfAnotherLengthIsRefused(DeltaCodec codec) {
    int needed = codec.encodedBytes(300);
    FlatVector vector = FlatVector.allocate(300);
    String message = "300 elements as %s take a buffer of %d bytes, but it had: %d";

    assertThatThrownBy(() -> codec.encode(vector, 0, 300, ByteBuffer.allocate(needed + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message, codec.word(), needed, needed + 1);
    assertThatThrownBy(() -> codec.decode(ByteBuffer.allocate(needed - 1), vector, 0, 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message, codec.word(), needed, needed - 1);
  }

  @Test
  void elementsOutsideTheirVectorAreRefused() {
    FlatVector vector = FlatVector.allocate(10);
    ByteBuffer coded = ByteBuffer.allocate(4 * 8);

    assertThatThrownBy(() -> DeltaCodec.FLOAT32.encode(vector, 3, 8, coded))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("elements must lie inside their vector of 10, but were: 8 from 3");
    assertThatThrownBy(() -> DeltaCodec.FLOAT32.decode(coded, vector, -1, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("elements must lie inside their vector of 10, but were: 8 from -1");
    assertThatThrownBy(() -> DeltaCodec.INT8.encodedBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must not be negative, but was: -1");
  }

  private static List<Integer> bytesOf(int count) {
    return Arrays.stream(DeltaCodec.values()).map(codec -> codec.encodedBytes(count)).toList();
  }
}
