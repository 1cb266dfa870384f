package io.lepton.arrow.codec;

import static io.lepton.arrow.codec.Coded.bytes;
import static io.lepton.arrow.codec.Coded.elements;
import static io.lepton.arrow.codec.Coded.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HalfCodingTest {
  private static final int PATTERNS = 1 << 16;

  enum Format {
    BFLOAT16(DeltaCodec.BFLOAT16, 8),
    FLOAT16(DeltaCodec.FLOAT16, 5);

    private final DeltaCodec codec;
    private final int exponentBits;

    Format(DeltaCodec codec, int exponentBits) {
      this.codec = codec;
      this.exponentBits = exponentBits;
    }

    /** What IEEE 754 says of a format of so many bits of exponent. */
    double value(int pattern) {
      int fractionBits = 15 - exponentBits;
      int largest = (1 << exponentBits) - 1;
      int bias = largest / 2;
      int sign = pattern >= (1 << 15) ? -1 : 1;
      int exponent = (pattern >> fractionBits) & largest;
      double fraction = Math.scalb((double) (pattern % (1 << fractionBits)), -fractionBits);
      if (exponent == largest) {
        return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
      }
      return exponent == 0
          ? sign * Math.scalb(fraction, 1 - bias)
          : sign * Math.scalb(1 + fraction, exponent - bias);
    }

    int infinity() {
      return (1 << 15) - (1 << (15 - exponentBits));
    }

    float[] decoded() {
      ByteBuffer coded = ByteBuffer.allocate(2 * PATTERNS).order(ByteOrder.LITTLE_ENDIAN);
      for (int pattern = 0; pattern < PATTERNS; pattern++) {
        coded.putShort((short) pattern);
      }
      FlatVector target = FlatVector.allocate(PATTERNS);
      codec.decode(coded.flip(), target, 0, PATTERNS);
      return elements(target);
    }

    int[] encoded(float... values) {
      ShortBuffer coded =
          bytes(codec, vector(values), 0, values.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asShortBuffer();
      int[] patterns = new int[values.length];
      for (int i = 0; i < values.length; i++) {
        patterns[i] = coded.get(i) & 0xffff;
      }
      return patterns;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPatternIsReadAsItsValue(Format format) {
    float[] decoded = format.decoded();

    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      float expected = (float) format.value(pattern);
      assertThat(Float.floatToIntBits(decoded[pattern]))
          .as("%x", pattern)
          .isEqualTo(Float.floatToIntBits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPatternIsWrittenAsItself(Format format) {
    int[] encoded = format.encoded(format.decoded());

    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      if (Double.isNaN(format.value(pattern))) {
        assertThat(format.value(encoded[pattern])).as("%x", pattern).isNaN();
      } else {
        assertThat(encoded[pattern]).as("%x", pattern).isEqualTo(pattern);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatLiesBetweenGoesToTheNearestAndTiesToTheEven(Format format) {
    for (int pattern = 0; pattern < format.infinity() - 1; pattern++) {
      float middle = (float) ((format.value(pattern) + format.value(pattern + 1)) / 2);
      int even = pattern + pattern % 2;
      int sign = 1 << 15;

      assertThat(
              format.encoded(
                  Math.nextDown(middle),
                  middle,
                  Math.nextUp(middle),
                  -Math.nextDown(middle),
                  -middle,
                  -Math.nextUp(middle)))
          .containsExactly(
              pattern, even, pattern + 1, sign + pattern, sign + even, sign + pattern + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void finiteNumbersBeyondTheLargestAreWrittenAsThat(Format format) {
    int largest = format.infinity() - 1;
    float above = Math.nextUp((float) format.value(largest));

    assertThat(format.encoded(above, Float.MAX_VALUE, -above, -Float.MAX_VALUE))
        .containsExactly(largest, largest, (1 << 15) + largest, (1 << 15) + largest);
  }

  @ParameterizedTest
  @EnumSource
  void nanStaysNanWhateverItsPayload(Format format) {
    for (int bits : new int[] {0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000}) {
      assertThat(format.value(format.encoded(Float.intBitsToFloat(bits))[0])).isNaN();
    }
  }
}
