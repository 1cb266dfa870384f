package io.lepton.arrow.codec;

import static io.lepton.arrow.codec.Coded.elements;
import static io.lepton.arrow.codec.Coded.roundTrip;
import static io.lepton.arrow.codec.Coded.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorFeedbackTest {
  private static final int SIZE = 4500;
  private static final int ROUNDS = 200;

  /** What a sum of float32 below 2 is rounded by, once a round. */
  private static final double ROUNDING = ROUNDS * 0x1p-24;

  @ParameterizedTest
  @EnumSource
  void whatWasReadAndTheResidualAreWhatWasGiven(DeltaCodec codec) {
    SplittableRandom random = new SplittableRandom(8);
    FlatVector residual = FlatVector.allocate(SIZE);
    double[] given = new double[SIZE];
    double[] read = new double[SIZE];
    for (int round = 0; round < ROUNDS; round++) {
      FlatVector delta = gaussian(random);
      for (int i = 0; i < SIZE; i++) {
        given[i] += delta.get(i);
      }
      float[] decoded = elements(sent(codec, delta, residual));
      for (int i = 0; i < SIZE; i++) {
        read[i] += decoded[i];
      }
    }

    for (int i = 0; i < SIZE; i++) {
      assertThat(Math.abs(given[i] - read[i] - residual.get(i))).isLessThan(ROUNDING);
      assertThat(Math.abs(given[i] - read[i])).isLessThan(quantum(codec) + ROUNDING);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 0x1p-26, 0x1p-24", "INT8, 0x1p-10, 0.008", "INT4, 0x1p-5, 0.15"})
  void whatIsTooSmallToBeReadOnceIsReadWhenItHasGrown(
      DeltaCodec codec, float small, double quantum) {
    float[] values = {1, small};
    FlatVector residual = FlatVector.allocate(2);
    double read = 0;
    for (int round = 0; round < 1024; round++) {
      read += sent(codec, vector(values), residual).get(1);
    }

    assertThat(roundTrip(codec, values)[1]).isZero();
    assertThat(read).isCloseTo(1024 * small, Offset.offset(quantum));
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheSliceIsTouched(DeltaCodec codec) {
    SplittableRandom random = new SplittableRandom(9);
    FlatVector source = gaussian(random);
    FlatVector residual = gaussian(random);
    float[] before = elements(residual);
    int from = codec.blockSize();
    int count = 10 * codec.blockSize();
    ByteBuffer coded = ByteBuffer.allocateDirect(codec.encodedBytes(count));
    FlatVector decoded = FlatVector.allocate(SIZE);

    codec.encode(source, residual, from, count, coded);
    codec.decode(coded, decoded, from, count);

    for (int i = 0; i < SIZE; i++) {
      boolean inside = i >= from && i < from + count;
      float lost = source.get(i) + before[i] - decoded.get(i);
      assertThat(residual.get(i)).isEqualTo(inside ? lost : before[i]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofWhatIsNotFiniteNothingIsKept(DeltaCodec codec) {
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      FlatVector source = vector(0.123f, poison, 0.456f);
      FlatVector residual = vector(0.1f, 0.1f, 0.1f);

      FlatVector decoded = sent(codec, source, residual);

      assertThat(Float.isFinite(decoded.get(1))).isFalse();
      assertThat(residual.get(1)).isZero();
      for (float kept : elements(residual)) {
        assertThat(kept).isFinite();
      }
    }
  }

  @Test
  void aResidualOfAnotherSizeIsRefused() {
    assertThatThrownBy(
            () ->
                DeltaCodec.INT8.encode(
                    FlatVector.allocate(5),
                    FlatVector.allocate(4),
                    0,
                    4,
                    ByteBuffer.allocate(DeltaCodec.INT8.encodedBytes(4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a residual must have the 5 elements of its source, but had: 4");
  }

  /** The largest error of a number below 2 (all deltas are, with their residuals). */
  private static double quantum(DeltaCodec codec) {
    return switch (codec) {
      case FLOAT32 -> 0;
      case BFLOAT16 -> 0x1p-8;
      case FLOAT16 -> 0x1p-11;
      case INT8 -> 2.0 / 127;
      case INT4 -> 2.0 / 7;
    };
  }

  private static FlatVector sent(DeltaCodec codec, FlatVector delta, FlatVector residual) {
    int size = (int) delta.size();
    ByteBuffer coded = ByteBuffer.allocateDirect(codec.encodedBytes(size));
    codec.encode(delta, residual, 0, size, coded);
    FlatVector decoded = FlatVector.allocate(delta.size());
    codec.decode(coded, decoded, 0, size);
    return decoded;
  }

  private static FlatVector gaussian(SplittableRandom random) {
    FlatVector vector = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      vector.set(i, (float) Math.max(-1, Math.min(1, 0.3 * random.nextGaussian())));
    }
    return vector;
  }
}
