package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TInt32;

class InBatchSoftmaxTest {
  private static final int SIZE = 3;
  private static final double TEMPERATURE = 0.5;
  private static final int[] ITEMS = {7, 4, 7, 9, 7};

  private final float[] vectors = Models.normals(ITEMS.length * 2 * SIZE, 8);

  @Test
  void theOtherItemsOfTheBatchAreTheNegativesButForTheSameItem() {
    try (OutputProgram program = program()) {
      for (int[] batch : new int[][] {{0, 1, 2, 3, 4}, {3, 0, 2}, {1, 1}, {2}}) {
        float[] summary = program.evaluate(batch);
        assertThat((double) summary[0]).isCloseTo(loss(vectors, batch), within(1e-4));
        assertThat(summary[1]).isEqualTo(batch.length);
        assertThat(summary).hasSize(3);
      }
      assertThat(program.evaluate(2, 4)).startsWith(0, 2, 2);
    }
  }

  @Test
  void gradientsAreTheCentralDifferencesOfTheLoss() {
    int[] batch = {0, 1, 2, 3};
    try (OutputProgram program = program()) {
      float[] gradient = program.gradient(batch);
      for (int i = 0; i < 2 * SIZE; i++) {
        float step = 1e-2f;
        double slope =
            (loss(shifted(i, step), batch) - loss(shifted(i, -step), batch)) / (2 * step);
        assertThat((double) gradient[i]).isCloseTo(slope / batch.length, within(1e-3));
      }
    }
  }

  @Test
  void theIdsOfAnInputAreTheLabelWithoutAColumnOfTheirOwn() {
    ModelInput user = Models.input("user", ElementType.INT32);
    ModelInput item = Models.input("item", ElementType.INT32);
    List<Node> layers =
        List.of(
            new Node("u", new IdLayer.Embedding(5, SIZE), List.of("user")),
            new Node("i", new IdLayer.Embedding(10, SIZE), List.of("item")),
            new Node("both", new MergeLayer.Concatenate(), List.of("u", "i")),
            new Node("vectors", new Layer.Reshape(List.of(2, SIZE)), List.of("both")));
    Target target = Target.of(item.column(), new RankingLoss.InBatchSoftmax(TEMPERATURE));
    TrainingProgram program =
        ModelCompiler.compile(Models.graph(List.of(user, item), layers, target), 1).program();
    assertThat(program.columns()).containsExactly(user.column(), item.column());
    float[] weights = Models.randomWeights(program, 2);
    int items = (int) program.variables().get(1).offset();
    for (int row = 0; row < ITEMS.length; row++) {
      System.arraycopy(weights, row * SIZE, vectors, row * 2 * SIZE, SIZE);
      System.arraycopy(weights, items + ITEMS[row] * SIZE, vectors, row * 2 * SIZE + SIZE, SIZE);
    }
    int[] all = Models.rows(ITEMS.length);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(TInt32.vectorOf(all), TInt32.vectorOf(ITEMS))).assign(weights);
      assertThat((double) local.evaluate(all)[0]).isCloseTo(loss(vectors, all), within(1e-4));
    }
  }

  private OutputProgram program() {
    ModelInput input = Models.input("x", ElementType.FLOAT32, 2, SIZE);
    ColumnSpec item = new ColumnSpec("item", ElementType.INT32, List.of());
    Target target = Target.of(item, new RankingLoss.InBatchSoftmax(TEMPERATURE));
    return new OutputProgram(input, target, false)
        .load(List.of(floats(vectors, ITEMS.length, 2, SIZE), TInt32.vectorOf(ITEMS)));
  }

  private float[] shifted(int element, float step) {
    float[] moved = vectors.clone();
    for (int i = element; i < moved.length; i += 2 * SIZE) {
      moved[i] += step;
    }
    return moved;
  }

  private static double loss(float[] vectors, int[] batch) {
    double loss = 0;
    for (int i = 0; i < batch.length; i++) {
      double own = product(vectors, batch[i], batch[i]);
      double sum = 0;
      for (int j = 0; j < batch.length; j++) {
        if (i == j || ITEMS[batch[i]] != ITEMS[batch[j]]) {
          sum += Math.exp(product(vectors, batch[i], batch[j]) - own);
        }
      }
      loss += Math.log(sum);
    }
    return loss;
  }

  private static double product(float[] vectors, int user, int item) {
    double product = 0;
    for (int k = 0; k < SIZE; k++) {
      product += (double) vectors[user * 2 * SIZE + k] * vectors[item * 2 * SIZE + SIZE + k];
    }
    return product / TEMPERATURE;
  }
}
