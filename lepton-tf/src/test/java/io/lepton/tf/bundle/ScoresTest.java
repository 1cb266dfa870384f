package io.lepton.tf.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final float NAN = Float.NaN;

  @Test
  void noClassIsTheLikeliestWhereTheModelGivesNoNumber() {
    assertThat(classes(3, false, 1, 2, 0, 1, NAN, 0, NAN, 2, 1, 0, 1, NAN))
        .containsExactly(1, Scores.NO_CLASS, Scores.NO_CLASS, Scores.NO_CLASS);
    assertThat(classes(1, true, .5f, -.5f, 0, NAN)).containsExactly(1, 0, 0, Scores.NO_CLASS);
  }

  @Test
  void theLowerOfTwoClassesThatAreEquallyLikelyIsGiven() {
    assertThat(classes(2, false, 1, 1, -1, -1)).containsExactly(0, 0);
  }

  @Test
  void aRunOfWideOutputsHasTheFewestRows() {
    assertThat(Scorer.rowsAtOnce(16, 80, false)).isEqualTo(1024);
    assertThat(Scorer.rowsAtOnce(16, 4 << 20, false)).isEqualTo(64);
    assertThat(Scorer.rowsAtOnce(16, 80 << 10, false)).isEqualTo(192);
    assertThat(Scorer.rowsAtOnce(96, 80, true)).isEqualTo(320);
  }

  private static int[] classes(int width, boolean oneLogit, float... logits) {
    Scores scores =
        new Scores(
            List.of(
                new ModelOutput(
                    "logits", "", ModelOutput.Kind.LOGITS, "", List.of(width), oneLogit)),
            logits.length / width);
    scores.take(0, logits.length / width, List.of(FloatBuffer.wrap(logits)));
    return scores.classes();
  }
}
