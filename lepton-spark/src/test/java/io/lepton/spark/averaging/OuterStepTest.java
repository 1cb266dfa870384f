package io.lepton.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.Variable;
import io.lepton.tf.Variable.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OuterStepTest {
  private static final int SIZE = 48;
  private static final int STATE = 16;
  private static final WeightRanges WEIGHTS =
      WeightRanges.of(
          List.of(
              variable("a", Role.WEIGHT, 0),
              variable("moving-mean", Role.STATE, STATE),
              variable("b", Role.WEIGHT, 32)));

  @Test
  void plainAveragingAddsTheMean() {
    FlatVector result = rounds(OuterOptimizer.PLAIN, 3);
    assertThat(result.get(0)).isCloseTo(3 * 0.5f, within(1e-6f));
    assertThat(result.get(STATE)).isCloseTo(3 * 0.5f, within(1e-6f));
  }

  @Test
  void momentumGathersMeansAsAGeometricSeries() {
    FlatVector result = rounds(new OuterOptimizer.Momentum(0.7, 0.9, false), 3);
    double moved = 0.7 * 0.5 * (1 + (1 + 0.9) + (1 + 0.9 + 0.81));
    assertThat(result.get(0)).isCloseTo((float) moved, within(1e-6f));
    assertThat(result.get(47)).isCloseTo((float) moved, within(1e-6f));
  }

  @Test
  void nesterovLooksOneRoundAhead() {
    FlatVector result = rounds(new OuterOptimizer.Momentum(0.7, 0.9, true), 2);
    double first = 0.5;
    double second = 0.9 * first + 0.5;
    double moved = 0.7 * ((0.5 + 0.9 * first) + (0.5 + 0.9 * second));
    assertThat(result.get(0)).isCloseTo((float) moved, within(1e-6f));
  }

  @Test
  void adamMovesByItsRateInEveryRoundOfEqualMeans() {
    FlatVector result = rounds(new OuterOptimizer.Adam(0.01, 0.9, 0.99, 1e-8), 5);
    assertThat(result.get(0)).isCloseTo(0.05f, within(1e-5f));
  }

  @Test
  void whatIsNoWeightIsAveragedPlainly() {
    for (OuterOptimizer optimizer :
        List.of(
            new OuterOptimizer.Momentum(0.7, 0.9, true),
            new OuterOptimizer.Adam(0.01, 0.9, 0.99, 1e-8))) {
      assertThat(rounds(optimizer, 3).get(STATE + 3)).isCloseTo(1.5f, within(1e-6f));
    }
  }

  @Test
  void piecesInAnyOrderGiveWhatTheWholeGives() {
    OuterOptimizer optimizer = new OuterOptimizer.Adam(0.01, 0.9, 0.99, 1e-8);
    OuterStep whole = new OuterStep(optimizer, WEIGHTS, SIZE);
    OuterStep pieces = new OuterStep(optimizer, WEIGHTS, SIZE);
    FlatVector start = FlatVector.allocate(SIZE);
    FlatVector expected = FlatVector.allocate(SIZE);
    FlatVector result = FlatVector.allocate(SIZE);
    double[] mean = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      mean[i] = Math.sin(i);
    }
    whole.begin();
    move(whole, 0, start, mean, expected);
    pieces.begin();
    move(pieces, 20, start.part(20, SIZE - 20), Arrays.copyOfRange(mean, 20, SIZE), result);
    move(pieces, 0, start.part(0, 20), mean, result);
    assertThat(result.bytes()).isEqualTo(expected.bytes());
  }

  @Test
  void goesOnFromItsSavedState() {
    for (OuterOptimizer optimizer :
        List.of(
            new OuterOptimizer.Momentum(0.7, 0.9, true),
            new OuterOptimizer.Adam(0.01, 0.9, 0.99, 1e-8))) {
      OuterStep saved = new OuterStep(optimizer, WEIGHTS, SIZE);
      FlatVector half = advance(saved, FlatVector.allocate(SIZE), 2);
      Map<String, FlatVector> state = saved.state();
      advance(saved, half, 3);
      OuterStep resumed = new OuterStep(optimizer, WEIGHTS, SIZE);
      resumed.restore(state);
      assertThat(advance(resumed, half, 2).bytes()).isEqualTo(rounds(optimizer, 4).bytes());
    }
    OuterStep momentum = new OuterStep(new OuterOptimizer.Momentum(0.7, 0.9, true), WEIGHTS, SIZE);
    OuterStep plain = new OuterStep(OuterOptimizer.PLAIN, WEIGHTS, SIZE);
    assertThatThrownBy(() -> plain.restore(momentum.state()))
        .hasMessage("the outer optimizer keeps [], but what was saved is: [momentum]");
  }

  @Test
  void aRoundThatBeginsAnewIsForgotten() {
    OuterOptimizer optimizer = new OuterOptimizer.Momentum(0.7, 0.9, true);
    OuterStep step = new OuterStep(optimizer, WEIGHTS, SIZE);
    double[] lost = new double[SIZE];
    Arrays.fill(lost, 77);
    step.begin();
    move(step, 0, FlatVector.allocate(SIZE), lost, FlatVector.allocate(SIZE));
    assertThat(advance(step, FlatVector.allocate(SIZE), 3).bytes())
        .isEqualTo(rounds(optimizer, 3).bytes());
  }

  private static FlatVector rounds(OuterOptimizer optimizer, int rounds) {
    return advance(new OuterStep(optimizer, WEIGHTS, SIZE), FlatVector.allocate(SIZE), rounds);
  }

  private static FlatVector advance(OuterStep step, FlatVector start, int rounds) {
    double[] mean = new double[SIZE];
    Arrays.fill(mean, 0.5);
    FlatVector parameters = start;
    for (int round = 0; round < rounds; round++) {
      FlatVector next = FlatVector.allocate(SIZE);
      step.begin();
      move(step, 0, parameters, mean, next);
      step.commit();
      parameters = next;
    }
    return parameters;
  }

  /** Moves a slice that begins at an element, in one piece. */
  private static void move(
      OuterStep step, int from, FlatVector start, double[] mean, FlatVector result) {
    int count = (int) start.size();
    float[] elements = new float[count];
    float[] moved = new float[count];
    start.floats().get(elements);
    step.slice(from == 0 ? 0 : 1).move(from, elements, mean, count, moved);
    result.floats(from, count).put(moved);
  }

  private static Variable variable(String name, Role role, long offset) {
    return new Variable(name, List.of(16), role, offset, name + ":0", name + "/feed:0");
  }
}
