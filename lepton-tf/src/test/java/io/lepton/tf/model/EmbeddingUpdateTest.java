package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/** Embeddings learn by the rows that were looked up, several times or never. */
class EmbeddingUpdateTest {
  private static final int WORDS = 1009;
  private static final int LENGTH = 3;
  private static final float RATE = 0.05f;
  private static final int[] IDS = {5, 1, 5, 0, 5, 6, 6, 6, 6, 1, 2, 0};
  private static final int EXAMPLES = IDS.length / LENGTH;
  private static final ModelSpec LOOKED_UP =
      Models.graph(
          List.of(Models.input("words", ElementType.INT32, LENGTH)),
          Node.chain(
              new IdLayer.Embedding(WORDS, 2),
              new Layer.Flatten(),
              Models.dense(2, Activation.TANH),
              Models.dense(1)),
          Target.of(Models.NUMBER, new Loss.SquaredError()));

  /** The same as a convolution of one step over words of which one is 1. */
  private static final ModelSpec MULTIPLIED =
      Models.regression(
          Models.features(LENGTH, WORDS),
          new Layer.Conv1d(2, 1, 1, Padding.VALID, Activation.LINEAR, false),
          new Layer.Flatten(),
          Models.dense(2, Activation.TANH),
          Models.dense(1));

  static Stream<Arguments> optimizers() {
    Clipping none = new Clipping.None();
    return Stream.of(
        Arguments.of(new Optimizer.Sgd(1, 0), none, 1),
        Arguments.of(new Optimizer.Sgd(1, 0), new Clipping.ByValue(0.02), 1),
        Arguments.of(new Optimizer.Sgd(1, 0), new Clipping.ByNorm(0.05), 1),
        Arguments.of(new Optimizer.Sgd(1, 0), new Clipping.ByGlobalNorm(0.05), 1),
        Arguments.of(new Optimizer.Sgd(1, 0), none, 2),
        Arguments.of(new Optimizer.Sgd(1, 0.9), none, 1),
        Arguments.of(new Optimizer.Nesterov(1, 0.9), none, 1),
        Arguments.of(new Optimizer.Adam(1, 0.9, 0.99, 1e-3), none, 1),
        Arguments.of(new Optimizer.Adam(1, 0.9, 0.99, 1e-3), new Clipping.ByGlobalNorm(0.05), 3),
        Arguments.of(new Optimizer.AdamW(1, 0.9, 0.99, 1e-3, 0.1, List.of()), none, 1),
        Arguments.of(new Optimizer.Adagrad(1, 0.1, 1e-3), none, 1),
        Arguments.of(new Optimizer.RmsProp(1, 0.9, 0.5, 1e-2, true), none, 1),
        Arguments.of(new Optimizer.Lamb(1, 0.9, 0.99, 1e-2, 0.1, List.of()), none, 1),
        Arguments.of(new Optimizer.Adafactor(1, -0.8, 1e-3, 1e-3, 1), none, 1));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void lookingUpLearnsAsMultiplyingDoes(Optimizer optimizer, Clipping clipping, int accumulate) {
    UpdateOptions updates = new UpdateOptions(clipping, accumulate, false, List.of(), Map.of());
    TrainingProgram sparse = compile(LOOKED_UP, optimizer, updates);
    TrainingProgram dense = compile(MULTIPLIED, optimizer, updates);
    float[] start = start(sparse);

    float[] one = train(sparse, start, ids(), 6);
    float[] other = train(dense, start, oneHot(), 6);

    assertThat(one).isNotEqualTo(start).hasSameSizeAs(other);
    for (int i = 0; i < one.length; i++) {
      assertThat(one[i]).as("element %d", i).isCloseTo(other[i], within(2e-5f));
    }
  }

  @Test
  void lazyRulesPassOverRowsThatWereNotLookedUp() {
    Optimizer adam = new Optimizer.Adam(1, 0.9, 0.99, 1e-3);
    TrainingProgram lazy = compile(LOOKED_UP, adam, lazy());
    TrainingProgram eager = compile(LOOKED_UP, adam, UpdateOptions.PLAIN);
    float[] start = start(lazy);
    for (Variable variable : lazy.variables()) {
      for (int i = 0; !variable.trainable() && i < variable.size(); i++) {
        start[(int) variable.offset() + i] = 0.01f * (1 + i % 7);
      }
    }

    float[] passing = train(lazy, start, ids(), 1);
    float[] all = train(eager, start, ids(), 1);

    List<Integer> seen = List.of(0, 1, 5, 6);
    for (Variable variable : lazy.variables()) {
      boolean table = variable.name().startsWith("embedding_0/");
      for (int i = 0; i < variable.size(); i++) {
        int place = (int) variable.offset() + i;
        if (table && !seen.contains(i / 2)) {
          assertThat(passing[place]).isEqualTo(start[place]).isNotEqualTo(all[place]);
        } else {
          assertThat(passing[place]).isCloseTo(all[place], within(1e-6f));
        }
      }
    }
  }

  @Test
  void nothingAsLargeAsTheTableIsMadeForRulesOfRows() {
    assertThat(asLargeAsTheTable(new Optimizer.Sgd(1, 0), UpdateOptions.PLAIN)).isEmpty();
    assertThat(asLargeAsTheTable(new Optimizer.Adagrad(1, 0, 1), UpdateOptions.PLAIN)).isEmpty();
    assertThat(asLargeAsTheTable(new Optimizer.Nesterov(1, 0.5), lazy())).isEmpty();
    assertThat(asLargeAsTheTable(new Optimizer.AdamW(1, 0.9, 0.9, 1, 1, List.of()), lazy()))
        .isEmpty();
    UpdateOptions clipped =
        new UpdateOptions(new Clipping.ByGlobalNorm(1), 1, false, List.of(), Map.of());
    assertThat(asLargeAsTheTable(new Optimizer.Sgd(1, 0), clipped)).isEmpty();
  }

  @Test
  void aRuleOfAllRowsMakesOneGradientAsLargeAsTheTable() {
    assertThat(asLargeAsTheTable(new Optimizer.Adam(1, 0.9, 0.9, 1), UpdateOptions.PLAIN))
        .containsExactly("ScatterNd");
  }

  /** Types of operations that give floats of the table's shape and are none of its ports. */
  private static List<String> asLargeAsTheTable(Optimizer optimizer, UpdateOptions updates) {
    List<String> types = new ArrayList<>();
    try (Graph graph = new Graph()) {
      graph.importGraphDef(LocalProgram.graphDef(compile(LOOKED_UP, optimizer, updates)));
      for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
        GraphOperation operation = all.next();
        for (int i = 0; i < operation.numOutputs(); i++) {
          if (operation.output(i).shape().equals(Shape.of(WORDS, 2))
              && !List.of("Placeholder", "ReadVariableOp").contains(operation.type())) {
            types.add(operation.type());
          }
        }
      }
    }
    return types;
  }

  private static UpdateOptions lazy() {
    return new UpdateOptions(new Clipping.None(), 1, true, List.of(), Map.of());
  }

  private static TrainingProgram compile(
      ModelSpec spec, Optimizer optimizer, UpdateOptions updates) {
    return ModelCompiler.compile(Models.with(spec, optimizer, updates), 1).program();
  }

  private static float[] start(TrainingProgram program) {
    return Models.randomWeights(program, 2);
  }

  private static float[] train(TrainingProgram program, float[] start, Tensor inputs, int steps) {
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(List.of(inputs, floats(Models.normals(EXAMPLES, 4), EXAMPLES))).assign(start);
      for (int step = 0; step < steps; step++) {
        local.train(RATE, step, 0, step % EXAMPLES, (step + 1) % EXAMPLES);
      }
      return local.read();
    }
  }

  private static Tensor ids() {
    return TInt32.tensorOf(Shape.of(EXAMPLES, LENGTH), DataBuffers.of(IDS));
  }

  private static Tensor oneHot() {
    float[] values = new float[IDS.length * WORDS];
    for (int i = 0; i < IDS.length; i++) {
      values[i * WORDS + IDS[i]] = 1;
    }
    return floats(values, EXAMPLES, LENGTH, WORDS);
  }
}
