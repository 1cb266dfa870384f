package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeLayerTest {
  @Test
  void concatenateKeepsTheRowsOfEachInputTogether() {
    assertThat(
            LocalLayer.run(
                new MergeLayer.Concatenate(),
                List.of(
                    floats(List.of(2, 1), 1, 2, 3, 4),
                    floats(List.of(2, 2), 10, 11, 20, 21, 30, 31, 40, 41)),
                Map.of()))
        .containsExactly(1, 10, 11, 2, 20, 21, 3, 30, 31, 4, 40, 41);
  }

  @Test
  void addIsTheSumOfAllInputs() {
    assertThat(
            LocalLayer.run(
                new MergeLayer.Add(),
                List.of(
                    floats(List.of(2), 1, 2), floats(List.of(2), 10, 20), floats(List.of(2), 0, 5)),
                Map.of()))
        .containsExactly(11, 27);
  }

  @Test
  void inputsOfOneShapeAreMergedElementByElement() {
    List<LocalLayer.Given> two =
        List.of(floats(List.of(2), 1, -2, 3, 4), floats(List.of(2), 10, 20, -1, 0));

    assertThat(LocalLayer.run(new MergeLayer.Average(), two, Map.of()))
        .containsExactly(5.5f, 9, 1, 2);
    assertThat(LocalLayer.run(new MergeLayer.Multiply(), two, Map.of()))
        .containsExactly(10, -40, -3, 0);
    assertThat(LocalLayer.run(new MergeLayer.Maximum(), two, Map.of()))
        .containsExactly(10, 20, 3, 4);
    assertThat(LocalLayer.run(new MergeLayer.Subtract(), two, Map.of()))
        .containsExactly(-9, -22, 4, 4);
  }

  @Test
  void dotIsTheProductOfVectorsOrTheCosineOfTheirAngle() {
    List<LocalLayer.Given> two =
        List.of(floats(List.of(2), 1, -2, 3, 4), floats(List.of(2), 10, 20, -1, 0));

    assertThat(LocalLayer.run(new MergeLayer.Dot(false), two, Map.of())).containsExactly(-30, -3);
    LocalLayer.assertClose(
        LocalLayer.run(new MergeLayer.Dot(true), two, Map.of()),
        -30 / Math.sqrt(5 * 500),
        -3.0 / 5);
  }

  @Test
  void inputsThatDoNotFitTogetherAreRefused() {
    assertThatThrownBy(
            () -> new MergeLayer.Concatenate().outputShape(List.of(List.of(2, 3), List.of(3, 3))))
        .hasMessage(
            "concatenate takes inputs that differ in their last dimension only, but was given"
                + " [[2, 3], [3, 3]]; flatten or reshape them before it");
    assertThatThrownBy(
            () -> new MergeLayer.Concatenate().outputShape(List.of(List.of(), List.of())))
        .hasMessageContaining("but was given [[], []]");
    assertThatThrownBy(() -> new MergeLayer.Add().outputShape(List.of(List.of(2), List.of(3))))
        .hasMessage(
            "add takes inputs of one shape, but was given [[2], [3]]; bring them to one before it");
  }
}
