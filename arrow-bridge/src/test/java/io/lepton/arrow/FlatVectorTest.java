package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

/** Vectors whose largest views are of 16 elements lie across many of them, as large ones do. */
class FlatVectorTest {
  private static final int VIEW = 16;
  private static final int SIZE = 5 * VIEW + 3;

  private final FlatVector vector = FlatVector.allocate(SIZE, VIEW, any -> {});

  @Test
  void aNewVectorIsZeros() {
    for (int i = 0; i < SIZE; i++) {
      assertThat(vector.get(i)).isZero();
    }
  }

  @Test
  void elementsAreTheSameByNumberAndInAnyView() {
    count(vector);
    for (int from = 0; from <= SIZE; from++) {
      for (int count = 0; count <= Math.min(VIEW, SIZE - from); count++) {
        FloatBuffer view = vector.floats(from, count);
        assertThat(view.remaining()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
          assertThat(view.get(i)).isEqualTo(1f + from + i);
        }
      }
    }
  }

  @Test
  void whatIsWrittenToAViewIsInTheVector() {
    vector.floats(VIEW - 1, VIEW).put(VIEW - 1, 7);
    vector.bytes(VIEW - 2, 2).putFloat(Float.BYTES, 5);

    assertThat(vector.get(2 * VIEW - 2)).isEqualTo(7);
    assertThat(vector.get(VIEW - 1)).isEqualTo(5);
  }

  @Test
  void partsOfPartsShareTheMemory() {
    count(vector);
    FlatVector part = vector.part(VIEW + 1, 3 * VIEW).part(VIEW, VIEW);
    part.set(0, -1);

    assertThat(part.size()).isEqualTo(VIEW);
    assertThat(part.get(1)).isEqualTo(1f + 2 * VIEW + 2);
    assertThat(part.floats().get(1)).isEqualTo(1f + 2 * VIEW + 2);
    assertThat(vector.get(2 * VIEW + 1)).isEqualTo(-1);
  }

  @Test
  void aVectorIsCutIntoPartsOfWhichTheLastIsSmaller() {
    assertThat(vector.parts(10)).extracting(FlatVector::size).endsWith(10L, 3L).hasSize(9);
    assertThat(vector.parts(1000)).extracting(FlatVector::size).endsWith(16L, 3L).hasSize(6);
    assertThat(vector.part(0, 0).parts(10)).isEmpty();
  }

  @Test
  void aCopyHasTheElementsAndMemoryOfItsOwn() {
    count(vector);
    FlatVector copy = vector.copy();
    vector.set(40, 0);

    for (int i = 0; i < SIZE; i++) {
      assertThat(copy.get(i)).isEqualTo(1f + i);
    }
  }

  @Test
  void bufferAndVectorsAreWrittenAcrossViews() {
    float[] values = new float[SIZE - 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    FloatBuffer buffer = FloatBuffer.wrap(values).position(2);

    vector.put(5, buffer);

    assertThat(buffer.position()).isEqualTo(2);
    assertThat(vector.get(4)).isZero();
    assertThat(vector.get(5)).isEqualTo(2);
    assertThat(vector.get(5 + SIZE - 8)).isEqualTo(SIZE - 6);
    assertThat(vector.get(SIZE - 2)).isZero();
    assertThatThrownBy(() -> vector.put(FlatVector.allocate(3)))
        .hasMessage("a vector of 3 elements must be put into one of as many, but was: 83");
  }

  @Test
  void whatLiesAcrossViewsIsLentInPlace() {
    CopyLedger ledger = new CopyLedger();
    try (TensorLease lease = vector.lend(VIEW, new long[] {SIZE - VIEW}, ledger)) {
      assertThat(lease.inPlace()).isTrue();
    }
    assertThat(ledger.total()).isZero();
  }

  @Test
  void viewsStayWithinTheirLargestSizeAndTheirVector() {
    assertThatThrownBy(vector::floats)
        .hasMessage("a view must have at most 64 bytes, but was to have: 332; take it in parts");
    assertThatThrownBy(() -> vector.floats(SIZE - 3, 4))
        .hasMessage("a part must lie inside its vector of 83 elements, but was: 4 elements at 80");
    assertThatThrownBy(() -> vector.part(3, VIEW).floats(10, 7))
        .hasMessage("a part must lie inside its vector of 16 elements, but was: 7 elements at 10");
    assertThatThrownBy(() -> vector.part(3, VIEW).get(VIEW))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.set(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> FlatVector.allocate(-1))
        .hasMessage("a vector must have between 0 and 2^60 elements, but was: -1");
  }

  private static void count(FlatVector vector) {
    for (int i = 0; i < vector.size(); i++) {
      vector.set(i, 1f + i);
    }
  }
}
