package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.FlatVector;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltaReaderTest {
  private static final int SIZE = 3 * 4096 + 13;
  private static final int END = (int) TrainingProgram.roundUp(SIZE);

  private final Random random = new Random(5);
  private final FlatVector start = random();
  private final FlatVector now = random();
  private final FlatVector delta = FlatVector.allocate(2L * END);
  private final DeltaReader reader = new DeltaReader(start, delta);

  @Test
  void differencesAreThoseOfALoopAndPaddingIsZero() {
    take("first", 0, true);
    take("last", END, true);
    double squared = 0;
    for (int i = 0; i < 2 * END; i++) {
      float moved = i % END < SIZE ? now.get(i) - start.get(i) : 0;
      assertThat(delta.get(i)).isEqualTo(moved);
      squared += (double) moved * moved;
    }
    assertThat(reader.norm().squared()).isCloseTo(squared, within(1e-9 * squared));
    assertThat(reader.norm().finite()).isTrue();
  }

  @Test
  void onlyWeightsCountInTheNormButAnyVariableCanBeNotFinite() {
    take("first", 0, true);
    double squared = reader.norm().squared();
    now.set(END + SIZE - 1, Float.NEGATIVE_INFINITY);
    take("last", END, false);
    assertThat(reader.norm()).isEqualTo(new DeltaNorm(false, squared));
  }

  @Test
  void largestFloatsAreFiniteAndTheirSumOfSquaresToo() {
    for (int i = 0; i < SIZE; i++) {
      now.set(i, Float.MAX_VALUE);
    }
    take("first", 0, true);
    assertThat(reader.norm().finite()).isTrue();
    assertThat(reader.norm().squared()).isFinite();
  }

  private void take(String name, int offset, boolean trainable) {
    FloatBuffer values = now.part(offset, SIZE).floats();
    Variable.Role role = trainable ? Variable.Role.WEIGHT : Variable.Role.STATE;
    reader.take(new Variable(name, List.of(SIZE), role, offset, name, name), 0, values);
  }

  private FlatVector random() {
    FlatVector vector = FlatVector.allocate(2L * END);
    for (int i = 0; i < vector.size(); i++) {
      vector.set(i, (float) random.nextGaussian());
    }
    return vector;
  }
}
