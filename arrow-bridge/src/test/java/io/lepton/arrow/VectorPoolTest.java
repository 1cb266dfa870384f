package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VectorPoolTest {
  private final VectorPool pool = new VectorPool(2);

  @Test
  void aVectorIsUsedAgainOnceTheLastHolderLetsGo() {
    FlatVector vector = pool.take(5);
    vector.hold();
    vector.letGo();
    assertThat(pool.idle()).isZero();

    vector.letGo();

    assertThat(pool.take(5)).isSameAs(vector);
    assertThat(pool.take(5)).isNotSameAs(vector);
  }

  @Test
  void aVectorOfAnotherSizeIsNotTaken() {
    FlatVector vector = pool.take(5);
    vector.letGo();

    assertThat(pool.take(6).size()).isEqualTo(6);
    assertThat(pool.idle()).isOne();
  }

  @Test
  void noMoreSparesAreKeptThanAskedFor() {
    FlatVector first = pool.take(5);
    FlatVector second = pool.take(5);
    FlatVector third = pool.take(5);

    first.letGo();
    second.letGo();
    third.letGo();

    assertThat(pool.idle()).isEqualTo(2);
    assertThat(pool.take(5)).isSameAs(third);
    assertThat(pool.take(5)).isSameAs(second);
  }

  @Test
  void aVectorComesBackOnlyWhenTensorFlowHoldsItNoLonger() {
    FlatVector vector = pool.take(16);
    TensorLease lease = vector.lend(0, new long[] {16}, new CopyLedger());
    vector.letGo();
    assertThat(pool.idle()).isZero();

    lease.close();

    assertThat(pool.idle()).isOne();
  }

  @Test
  void aClosedPoolKeepsNothing() {
    FlatVector early = pool.take(5);
    FlatVector late = pool.take(5);
    early.letGo();

    pool.close();
    late.letGo();

    assertThat(pool.idle()).isZero();
  }

  @Test
  void aVectorThatNobodyHoldsIsNeitherHeldNorLentNorLetGo() {
    FlatVector vector = pool.take(16);
    vector.letGo();

    assertThat(vector.hold()).isFalse();
    assertThatThrownBy(() -> vector.lend(0, new long[] {16}, new CopyLedger()))
        .hasMessage("a vector must be held to be lent, but was let go");
    assertThatThrownBy(vector::letGo)
        .hasMessage("a vector must be let go as often as it is held, not again");
    assertThat(pool.idle()).isOne();
  }

  @Test
  void sparesMustNotBeNegative() {
    assertThatThrownBy(() -> new VectorPool(-1))
        .hasMessage("spares must not be negative, but was: -1");
  }
}
