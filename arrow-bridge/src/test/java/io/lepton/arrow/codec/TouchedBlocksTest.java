package io.lepton.arrow.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TouchedBlocksTest {
  private static final int ROWS = 1_000_000;

  @ParameterizedTest
  @EnumSource
  void aTableCostsTheRowsThatMoved(DeltaCodec codec) {
    FlatVector table = FlatVector.allocate(4 * ROWS);
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<Integer> blocks = new TreeSet<>();
    int block = codec.blockSize() == 1 ? 16 / codec.encodedBytes(1) : codec.blockSize();
    for (int i = 0; i < 100; i++) {
      int row = random.nextInt(ROWS);
      for (int at = 4 * row; at < 4 * row + 4; at++) {
        table.set(at, (float) (1 + random.nextDouble()));
      }
      blocks.add(4 * row / block);
    }

    ByteBuffer touched = touched(codec, table).orElseThrow();

    int elements = blocks.size() * codec.encodedBytes(block);
    assertThat(touched.remaining()).isBetween(elements, elements + 100 * 5 + 4);
    assertThat(scattered(codec, touched, (int) table.size()).bytes())
        .isEqualTo(decoded(codec, table).bytes());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotFiniteAndTheEndOfAShortBlockAreThere(DeltaCodec codec) {
    FlatVector delta = FlatVector.allocate(20_001);
    delta.set(5_000, Float.NaN);
    delta.set(20_000, -2);

    ByteBuffer touched = touched(codec, delta).orElseThrow();

    FlatVector read = scattered(codec, touched, (int) delta.size());
    assertThat(read.bytes()).isEqualTo(decoded(codec, delta).bytes());
    assertThat(read.get(5_000)).isNaN();
    assertThat(read.get(20_000)).isEqualTo(-2);
  }

  @ParameterizedTest
  @EnumSource
  void nothingThatMovedIsNextToNothing(DeltaCodec codec) {
    FlatVector nothing = FlatVector.allocate(100_000);

    ByteBuffer touched = touched(codec, nothing).orElseThrow();

    assertThat(touched.remaining()).isEqualTo(4);
    assertThat(scattered(codec, touched, 100_000).bytes()).isEqualTo(nothing.bytes());
  }

  @ParameterizedTest
  @EnumSource
  void whatWouldNotBeSmallerIsLeftAsItIs(DeltaCodec codec) {
    FlatVector all = Coded.vector(Coded.magnitudesByBlock(100_000, 100_000, 1));

    assertThat(touched(codec, all)).isEmpty();
    assertThat(touched(codec, FlatVector.allocate(1))).isEmpty();
  }

  /** Each round a 254th of what is left stays behind, until it is less than int8 can tell. */
  @Test
  void whatInt8LostOfABlockIsSentUntilNothingIsLeft() {
    FlatVector delta = FlatVector.allocate(100_000);
    FlatVector residual = FlatVector.allocate(100_000);
    for (int i = 0; i < 256; i++) {
      delta.set(i, 1 / (i + 1f));
    }
    double[] sums = new double[256];
    int rounds = 0;
    for (int bytes = 0; bytes != 4; rounds++) {
      ByteBuffer coded = ByteBuffer.allocate(DeltaCodec.INT8.encodedBytes(100_000));
      DeltaCodec.INT8.encode(delta, residual, 0, 100_000, coded);
      ByteBuffer touched = TouchedBlocks.of(DeltaCodec.INT8, 100_000, coded).orElseThrow();
      bytes = touched.remaining();
      FlatVector read = scattered(DeltaCodec.INT8, touched, 100_000);
      for (int i = 0; i < 256; i++) {
        sums[i] += read.get(i);
        delta.set(i, 0);
      }
    }

    assertThat(rounds).isBetween(5, 20);
    for (int i = 0; i < 256; i++) {
      assertThat(sums[i]).isEqualTo(1 / (i + 1f), offset(1e-9));
      assertThat(Math.abs(residual.get(i))).isLessThan(Float.MIN_NORMAL);
    }
  }

  @Test
  void runsThatLeaveTheirSliceAreRefused() {
    ByteBuffer runs = ByteBuffer.wrap(new byte[] {9, 1});

    assertThatThrownBy(() -> TouchedRuns.of(DeltaCodec.FLOAT32, runs, 32))
        .hasMessage("runs must stay within their slice of 32 elements, but went to: 36");
  }

  private static Optional<ByteBuffer> touched(DeltaCodec codec, FlatVector delta) {
    int size = (int) delta.size();
    return TouchedBlocks.of(codec, size, Coded.bytes(codec, delta, 0, size));
  }

  private static FlatVector decoded(DeltaCodec codec, FlatVector delta) {
    int size = (int) delta.size();
    FlatVector decoded = FlatVector.allocate(size);
    codec.decode(Coded.bytes(codec, delta, 0, size), decoded, 0, size);
    return decoded;
  }

  private static FlatVector scattered(DeltaCodec codec, ByteBuffer touched, int count) {
    ByteBuffer bytes = touched.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = bytes.getInt();
    TouchedRuns runs = TouchedRuns.of(codec, bytes.slice(4, size), count);
    FlatVector scattered = FlatVector.allocate(count);
    codec.decode(
        bytes.position(4 + size),
        runs.kept(),
        (at, values, length) ->
            runs.next(
                length,
                (target, source, some) ->
                    scattered.floats().position(target).put(values, source, some)));
    return scattered;
  }
}
