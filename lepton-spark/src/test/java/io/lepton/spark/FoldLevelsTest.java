package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldLevelsTest {
  @Test
  void whatIsNotMoreThanTheWidthIsFoldedAtOnce() {
    assertThat(FoldLevels.of(1, 16).sizes()).containsExactly(1);
    assertThat(FoldLevels.of(16, 16).sizes()).containsExactly(16);
    assertThat(FoldLevels.of(16, 16).top()).isZero();
  }

  @Test
  void moreAreFoldedUntilTheDriverHasNoMoreThanTheWidth() {
    assertThat(FoldLevels.of(17, 16).sizes()).containsExactly(17, 2);
    assertThat(FoldLevels.of(256, 16).sizes()).containsExactly(256, 16);
    assertThat(FoldLevels.of(257, 16).sizes()).containsExactly(257, 17, 2);
    assertThat(FoldLevels.of(4096, 16).sizes()).containsExactly(4096, 256, 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 16})
  void eachIsFoldedOnceWithNeighboursAndNoFoldIsWiderThanTheOthersByMoreThanOne(int width) {
    for (int deltas = 1; deltas < 600; deltas++) {
      FoldLevels levels = FoldLevels.of(deltas, width);
      for (int level = 1; level <= levels.top(); level++) {
        int next = 0;
        for (int index = 0; index < levels.size(level); index++) {
          int first = levels.first(level, index);
          int end = levels.first(level, index + 1);
          assertThat(first).isEqualTo(next);
          assertThat(end - first)
              .isBetween(levels.widest(level) - 1, levels.widest(level))
              .isBetween(1, width);
          next = end;
        }
        assertThat(next).isEqualTo(levels.size(level - 1));
      }
      assertThat(levels.size(levels.top())).isLessThanOrEqualTo(width);
    }
  }

  @Test
  void aWidthOfOneIsRefused() {
    assertThatThrownBy(() -> FoldLevels.of(3, 1))
        .hasMessage("a fold's width must be at least 2, but was: 1");
  }
}
