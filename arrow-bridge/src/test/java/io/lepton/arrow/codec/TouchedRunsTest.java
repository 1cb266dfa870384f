package io.lepton.arrow.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TouchedRunsTest {
  private static final int SIZE = 40_003;
  private static final int STEP = 1024;

  private final SplittableRandom random = new SplittableRandom(5);

  @ParameterizedTest
  @EnumSource
  void elementsUpToAPlaceAreCountedAndGivenTheirPlaces(DeltaCodec codec) {
    int block = TouchedBlocks.blockSize(codec);
    FlatVector vector = FlatVector.allocate(SIZE);
    boolean[] touched = new boolean[SIZE];
    for (int from = 0; from < SIZE; from += block) {
      boolean stretch = from / (8 * STEP) % 2 == 0;
      if (stretch && random.nextInt(3) > 0) {
        for (int i = from; i < Math.min(SIZE, from + block); i++) {
          vector.set(i, 1 + i % 5);
          touched[i] = true;
        }
      }
    }
    ByteBuffer whole = ByteBuffer.allocateDirect(codec.encodedBytes(SIZE));
    codec.encode(vector, 0, SIZE, whole);
    ByteBuffer coded =
        TouchedBlocks.of(codec, SIZE, whole).orElseThrow().order(ByteOrder.LITTLE_ENDIAN);
    TouchedRuns runs = TouchedRuns.of(codec, coded.slice(Integer.BYTES, coded.getInt(0)), SIZE);

    List<Integer> places = new ArrayList<>();
    for (int end = 0; end < SIZE; ) {
      int from = end;
      end = Math.min(SIZE, from + STEP * random.nextInt(3));
      int some = 0;
      for (int i = from; i < end; i++) {
        some += touched[i] ? 1 : 0;
      }
      assertThat(runs.before(end)).isEqualTo(some);
      runs.next(
          some,
          (target, source, count) -> {
            for (int i = 0; i < count; i++) {
              places.add(target + i);
            }
          });
    }

    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      if (touched[i]) {
        expected.add(i);
      }
    }
    assertThat(places).isEqualTo(expected);
  }

  @Test
  void aWholeSliceHasAllOfThem() {
    TouchedRuns runs = TouchedRuns.whole(SIZE);

    assertThat(runs.before(STEP)).isEqualTo(STEP);
    runs.next(STEP, (target, source, count) -> assertThat(target).isZero());
    assertThat(runs.before(SIZE)).isEqualTo(SIZE - STEP);
  }
}
