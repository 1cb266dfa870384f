package io.lepton.arrow.codec;

import static io.lepton.arrow.codec.Coded.allMagnitudes;
import static io.lepton.arrow.codec.Coded.bytes;
import static io.lepton.arrow.codec.Coded.magnitudesByBlock;
import static io.lepton.arrow.codec.Coded.roundTrip;
import static io.lepton.arrow.codec.Coded.vector;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCodingTest {
  private static final Offset<Float> EXACTLY = Offset.offset(0f);

  /** Half a scale, and what a product of float32 up to 127 may be off by. */
  private static final double HALF = 0.5 + 0x1p-14;

  @ParameterizedTest
  @CsvSource({"INT8, 127", "INT4, 7"})
  void noElementIsOffByMoreThanHalfTheScaleOfItsBlock(DeltaCodec codec, int levels) {
    for (int seed = 0; seed < 20; seed++) {
      int count = 5000 + seed;
      requireHalfScale(codec, levels, allMagnitudes(count, seed));
      requireHalfScale(codec, levels, magnitudesByBlock(count, codec.blockSize(), seed));
    }
  }

  @ParameterizedTest
  @CsvSource({"INT8, 127", "INT4, 7"})
  void multiplesOfTheScaleAreExact(DeltaCodec codec, int levels) {
    float[] values = new float[2 * levels + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - levels) * 0.375f;
    }

    assertThat(roundTrip(codec, values)).containsExactly(values, EXACTLY);
  }

  @Test
  void aHalfGoesToTheEvenMultiple() {
    assertThat(roundTrip(DeltaCodec.INT8, 127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.5f))
        .containsExactly(new float[] {127, 0, 2, 2, 0, -2, 126}, EXACTLY);
  }

  @Test
  void numbersFarBelowTheSmallestScaleAreReadAsZero() {
    assertThat(roundTrip(DeltaCodec.INT8, Float.MIN_VALUE, -1e-40f)).containsOnly(0);
    assertThat(roundTrip(DeltaCodec.INT4, 0x1p-126f)).containsExactly(0x1p-126f);
  }

  @Test
  void int8IsAScaleAndAByteAnElement() {
    assertThat(bytesOf(DeltaCodec.INT8, 254, -2, 0, 4))
        .containsExactly(0, 0, 0, 0x40, 127, -1, 0, 2);
  }

  @Test
  void int4IsAScaleAndTheEvenElementsInLowerHalves() {
    assertThat(bytesOf(DeltaCodec.INT4, 14, -14, 2, -2, 4))
        .containsExactly(0, 0, 0, 0x40, 0x97, 0xf1, 2);
  }

  private static byte[] bytesOf(DeltaCodec codec, float... values) {
    ByteBuffer coded = bytes(codec, vector(values), 0, values.length);
    byte[] bytes = new byte[coded.remaining()];
    coded.get(bytes);
    return bytes;
  }

  private static void requireHalfScale(DeltaCodec codec, int levels, float[] values) {
    float[] decoded = roundTrip(codec, values);
    for (int from = 0; from < values.length; from += codec.blockSize()) {
      int to = Math.min(from + codec.blockSize(), values.length);
      double largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs((double) values[i]));
      }
      double scale = Math.max(largest / levels, 0x1p-126);
      for (int i = from; i < to; i++) {
        assertThat(Math.abs((double) values[i] - decoded[i]))
            .as("%s of %s at most", values[i], largest)
            .isLessThanOrEqualTo(scale * HALF);
      }
    }
  }
}
