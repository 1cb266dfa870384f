package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void medianIsTheMiddleOneOrTheMeanOfTheMiddleTwo() {
    assertThat(new Samples(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
    assertThat(new Samples(List.of(9.0, 1.0, 4.0, 2.0)).median()).isEqualTo(3);
    assertThat(new Samples(List.of(5.0)).median()).isEqualTo(5);
  }

  @Test
  void spreadIsFromTheSmallestToTheLargest() {
    Samples samples = new Samples(List.of(9.0, 1.0, 4.0));
    assertThat(samples.min()).isEqualTo(1);
    assertThat(samples.max()).isEqualTo(9);
    assertThat(samples.count()).isEqualTo(3);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> new Samples(List.of())).hasMessage("samples must not be empty");
  }
}
