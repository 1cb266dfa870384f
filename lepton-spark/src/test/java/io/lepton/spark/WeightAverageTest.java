package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.Variable.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Averages of weights that are worked on in several pieces, as large ones are. */
class WeightAverageTest {
  private static final int PIECE = 4;
  private static final List<Variable> VARIABLES =
      List.of(
          variable("kernel", 11, Role.WEIGHT, 0),
          variable("mean", 3, Role.STATE, 16),
          variable("bias", 5, Role.WEIGHT, 32));
  private static final TrainingProgram PROGRAM =
      new TrainingProgram(
          new byte[0],
          List.of(),
          List.of(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          List.of(),
          VARIABLES,
          null);

  @Test
  void everyWeightIsAveragedAndNothingElse() {
    WeightAverage average = average();
    average.add(vector(1), 1);
    average.add(vector(2), 1);

    FlatVector applied = average.applyTo(vector(2));

    for (int i = 0; i < applied.size(); i++) {
      boolean weight = i < 11 || (i >= 32 && i < 37);
      double mean = 0.5 * (0.5 * element(0, i) + 0.5 * element(1, i)) + 0.5 * element(2, i);
      assertThat(applied.get(i)).isEqualTo((float) (weight ? mean : element(2, i)));
    }
  }

  @Test
  void anAverageGoesOnFromItsState() {
    WeightAverage average = average();
    average.add(vector(1), 2);
    FlatVector state = average.state();
    WeightAverage other = average();
    other.add(vector(5), 1);

    other.restore(state);
    average.add(vector(3), 1);
    other.add(vector(3), 1);

    assertThat(state.size()).isEqualTo(average.stateSize()).isEqualTo(2 * (1 + 11 + 5));
    assertThat(other.applyTo(vector(3)).bytes()).isEqualTo(average.applyTo(vector(3)).bytes());
  }

  private static WeightAverage average() {
    return new WeightAverage(new Ema(0.5, false), PROGRAM, vector(0), PIECE);
  }

  private static FlatVector vector(int round) {
    FlatVector vector = FlatVector.allocate(PROGRAM.vectorSize());
    for (int i = 0; i < vector.size(); i++) {
      vector.set(i, element(round, i));
    }
    return vector;
  }

  private static float element(int round, int at) {
    return round * 8 + at;
  }

  private static Variable variable(String name, int size, Role role, long offset) {
    return new Variable(name, List.of(size), role, offset, name, name);
  }
}
