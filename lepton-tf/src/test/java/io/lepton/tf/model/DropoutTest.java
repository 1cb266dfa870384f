package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.TrainingProgram;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class DropoutTest {
  private static final int EXAMPLES = 200;
  private static final int WIDTH = 50;

  @Test
  void aSeedAndALayerAlwaysGiveTheSameMask() {
    assertThat(mask(3, 0.3, 7, 1)).isEqualTo(mask(3, 0.3, 7, 1));
  }

  @Test
  void everyPartOfTheSeedAndEveryLayerGivesAnotherMask() {
    float[] mask = mask(3, 0.3, 7, 1);
    for (float[] other : List.of(mask(3, 0.3, 8, 1), mask(3, 0.3, 7, 2), mask(4, 0.3, 7, 1))) {
      int agreeing = 0;
      for (int i = 0; i < mask.length; i++) {
        agreeing += mask[i] == other[i] ? 1 : 0;
      }
      double chance = 0.7 * 0.7 + 0.3 * 0.3;
      assertThat(agreeing / (double) mask.length).isCloseTo(chance, within(0.03));
    }
  }

  @Test
  void theRateIsTheShareOfZerosAndTheRestMakesUpForIt() {
    for (double rate : new double[] {0.1, 0.5, 0.9}) {
      float[] mask = mask(0, rate, 5, 5);
      float kept = (float) (1 / (1 - rate));
      int zeros = 0;
      for (float value : mask) {
        assertThat(value).isIn(0f, kept);
        zeros += value == 0 ? 1 : 0;
      }
      assertThat(zeros / (double) mask.length).isCloseTo(rate, within(0.02));
    }
  }

  @Test
  void aRateOfZeroDropsNothing() {
    float[] ones = new float[EXAMPLES * WIDTH];
    Arrays.fill(ones, 1);
    assertThat(mask(0, 0, 5, 5)).isEqualTo(ones);
  }

  @Test
  void aProgramDropsWhileItTrainsAndNotWhileItEvaluates() {
    ModelSpec dropping =
        Models.regression(Models.features(30), new Layer.Dropout(0.5), Models.dense(1));
    ModelSpec keeping =
        Models.regression(Models.features(30), new Layer.Dropout(0), Models.dense(1));
    float[] kept = summaries(keeping)[2];
    float[][] dropped = summaries(dropping);
    assertThat(dropped[0]).isEqualTo(dropped[1]);
    assertThat(dropped[2]).isEqualTo(kept);
    assertThat(dropped[0]).isNotEqualTo(kept).isNotEqualTo(dropped[3]);
  }

  @Test
  void theKeyOfTheEpochChangesNoMask() {
    ModelSpec spec =
        Models.regression(Models.features(30), new Layer.Dropout(0.5), Models.dense(1));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    try (LocalProgram local = new LocalProgram(program)) {
      local
          .load(List.of(floats(Models.normals(120, 1), 4, 30), floats(Models.normals(4, 2), 4)))
          .assign(Models.randomWeights(program, 3));
      float[] first = local.epoch(1).train(0, 5, 6, Models.rows(4));
      assertThat(local.epoch(2).train(0, 5, 6, Models.rows(4))).isEqualTo(first);
    }
  }

  /** Of training with a seed, with the same again, of evaluation, of training with another seed. */
  private static float[][] summaries(ModelSpec spec) {
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    try (LocalProgram local = new LocalProgram(program)) {
      local
          .load(List.of(floats(Models.normals(120, 1), 4, 30), floats(Models.normals(4, 2), 4)))
          .assign(Models.randomWeights(program, 3));
      int[] rows = Models.rows(4);
      return new float[][] {
        local.train(0, 0, 1, rows),
        local.train(0, 0, 1, rows),
        local.evaluate(rows),
        local.train(0, 0, 2, rows)
      };
    }
  }

  /** What becomes of ones. */
  private static float[] mask(int layer, double rate, long... seed) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> ones = tf.fill(tf.constant(new int[] {EXAMPLES, WIDTH}), tf.constant(1f));
      Operand<TFloat32> out =
          new SeededDropout(tf.constant(seed), tf.constant(EXAMPLES))
              .emit(tf, layer, rate, ones, List.of(WIDTH));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(out).run()) {
        return LocalProgram.values((TFloat32) result.get(0));
      }
    }
  }
}
