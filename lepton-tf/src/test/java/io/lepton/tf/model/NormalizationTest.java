package io.lepton.tf.model;

import static io.lepton.tf.model.LocalLayer.assertClose;
import static io.lepton.tf.model.LocalProgram.flat;
import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

class NormalizationTest {
  private static final int EXAMPLES = 6;
  private static final int CHANNELS = 2;
  private static final Layer NORMALIZE =
      new NormalizationLayer.BatchNormalization(0.9, 1e-3, true, true);
  private static final ModelSpec VECTORS =
      Models.regression(Models.features(CHANNELS), NORMALIZE, Models.dense(1));
  private static final String MEAN = "batch-normalization_0/moving_mean";
  private static final String VARIANCE = "batch-normalization_0/moving_variance";

  @TempDir private Path temporary;

  @Test
  void layersNormalizeEachPositionByItself() {
    List<Integer> shape = List.of(3, 4);
    float[] x = Models.normals(2 * 3 * 4, 1);
    float[] gamma = {1, 2, -1, 0.5f};
    float[] beta = {0, 1, 2, 3};
    double[] expected = new double[x.length];
    for (int position = 0; position < x.length / 4; position++) {
      double mean = 0;
      double squares = 0;
      for (int c = 0; c < 4; c++) {
        mean += x[4 * position + c] / 4.0;
      }
      for (int c = 0; c < 4; c++) {
        squares += Math.pow(x[4 * position + c] - mean, 2) / 4;
      }
      for (int c = 0; c < 4; c++) {
        double normal = (x[4 * position + c] - mean) / Math.sqrt(squares + 1e-3);
        expected[4 * position + c] = normal * gamma[c] + beta[c];
      }
    }

    float[] out =
        LocalLayer.run(
            new NormalizationLayer.LayerNormalization(1e-3, true, true),
            List.of(LocalLayer.floats(shape, x)),
            Map.of("layer-normalization_0/gamma", gamma, "layer-normalization_0/beta", beta));

    assertClose(out, expected);
  }

  @Test
  void outsideTrainingTheMovingStatisticsNormalize() {
    for (List<Integer> shape : List.of(List.of(2), List.of(3, 2), List.of(3, 4, 2))) {
      float[] x = Models.normals(EXAMPLES * (int) Shapes.elements(shape), 1);
      float[] mean = {0.5f, -1};
      float[] variance = {2, 0.25f};
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int c = i % 2;
        double normal = (x[i] - mean[c]) / Math.sqrt(variance[c] + 1e-3);
        expected[i] = normal * (c + 2) + c - 1;
      }
      Map<String, float[]> weights =
          Map.of(
              "batch-normalization_0/gamma",
              new float[] {2, 3},
              "batch-normalization_0/beta",
              new float[] {-1, 0},
              MEAN,
              mean,
              VARIANCE,
              variance);
      assertClose(
          LocalLayer.run(NORMALIZE, List.of(LocalLayer.floats(shape, x)), weights), expected);
    }
  }

  @Test
  void aStepMovesTheStatisticsTowardsThoseOfItsBatch() {
    float[] x = Models.normals(EXAMPLES * CHANNELS, 3);
    CompiledModel compiled = ModelCompiler.compile(VECTORS, 1);
    TrainingProgram program = compiled.program();
    float[] start = LocalProgram.vector(compiled);
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(x)).assign(start);
      local.train(0, 0, 0, 0, 1, 2);
      local.train(0, 1, 0, 3, 4, 5);
      float[] after = local.read();
      for (int c = 0; c < CHANNELS; c++) {
        double mean = 0.9 * (0.1 * mean(x, c, 0, 3)) + 0.1 * mean(x, c, 3, 6);
        double variance = 0.9 * (0.9 + 0.1 * variance(x, c, 0, 3)) + 0.1 * variance(x, c, 3, 6);
        assertThat((double) after[at(program, MEAN) + c]).isCloseTo(mean, within(1e-6));
        assertThat((double) after[at(program, VARIANCE) + c]).isCloseTo(variance, within(1e-6));
      }
    }
  }

  @Test
  void trainingNormalizesByTheBatchAndEvaluationByWhatHasMoved() {
    float[] x = Models.normals(EXAMPLES * CHANNELS, 3);
    CompiledModel compiled = ModelCompiler.compile(VECTORS, 1);
    TrainingProgram program = compiled.program();
    float[] start = LocalProgram.vector(compiled);
    int kernel = at(program, "dense_1/kernel");
    int[] rows = {0, 1, 2, 3};
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(x)).assign(start);
      double[] batch = new double[4];
      double[] moving = new double[4];
      for (int row : rows) {
        for (int c = 0; c < CHANNELS; c++) {
          double value = x[row * CHANNELS + c];
          double deviation = Math.sqrt(variance(x, c, 0, 4) + 1e-3);
          batch[row] += (value - mean(x, c, 0, 4)) / deviation * start[kernel + c];
          moving[row] += value / Math.sqrt(1 + 1e-3) * start[kernel + c];
        }
      }
      assertThat((double) local.evaluate(rows)[0]).isCloseTo(squares(moving), within(1e-5));
      assertThat((double) local.train(0, 0, 0, rows)[0]).isCloseTo(squares(batch), within(1e-5));
      float[] moved = local.read();
      assertThat(moved[at(program, MEAN)]).isNotEqualTo(start[at(program, MEAN)]);
      float once = local.evaluate(rows)[0];
      assertThat(local.evaluate(rows)[0]).isEqualTo(once);
      assertThat((double) once).isNotCloseTo(squares(moving), within(1e-5));
    }
  }

  @Test
  void statesHaveNoOptimizerSlotsAndTheirMeanIsThatOfTheReplicas() {
    ModelSpec spec = Models.with(VECTORS, new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7));
    CompiledModel compiled = ModelCompiler.compile(spec, 1);
    TrainingProgram program = compiled.program();
    assertThat(program.variables())
        .filteredOn(variable -> variable.name().startsWith("batch-normalization_0/moving"))
        .extracting(Variable::name, Variable::role)
        .containsExactly(tuple(MEAN, Variable.Role.STATE), tuple(VARIANCE, Variable.Role.STATE));
    float[] x = Models.normals(EXAMPLES * CHANNELS, 3);
    float[] start = LocalProgram.vector(compiled);
    float[] first;
    float[] second;
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(x));
      local.assign(start).train(0, 0, 0, 0, 1, 2);
      first = local.read();
      local.assign(start).train(0, 0, 0, 3, 4, 5);
      second = local.read();
    }
    for (int c = 0; c < CHANNELS; c++) {
      int at = at(program, MEAN) + c;
      double averaged = start[at] + ((first[at] - start[at]) + (second[at] - start[at])) / 2;
      double ofAll = 0.1 * mean(x, c, 0, 6);
      assertThat(averaged).isCloseTo(ofAll, within(1e-6));
    }
  }

  @Test
  void theHashOfTheParametersCountsTheState() {
    TrainingProgram program = ModelCompiler.compile(VECTORS, 1).program();
    FlatVector one = FlatVector.allocate(program.vectorSize());
    String before = program.weightsSha256(one);
    one.set(at(program, VARIANCE) + 1, 5);
    assertThat(program.weightsSha256(one)).isNotEqualTo(before);
  }

  @Test
  void aSavedModelServesWithTheMovingStatistics() throws IOException {
    TrainingProgram program = ModelCompiler.compile(VECTORS, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    vector[at(program, MEAN)] = 0.5f;
    vector[at(program, VARIANCE)] = 4;
    vector[at(program, VARIANCE) + 1] = 0.5f;
    SavedModelWriter.write(VECTORS, program, flat(vector), temporary);
    float[] x = Models.normals(EXAMPLES * CHANNELS, 3);
    try (LocalProgram local = new LocalProgram(program);
        SavedModelBundle bundle = SavedModelBundle.load(temporary.toString(), "serve");
        TFloat32 features = floats(x, EXAMPLES, CHANNELS);
        Result result = bundle.function("serving_default").call(Map.of("features", features))) {
      local.load(examples(x)).assign(vector);
      float[] served = LocalProgram.values((TFloat32) result.get("predictions").orElseThrow());
      for (int row = 0; row < EXAMPLES; row++) {
        double loss = local.evaluate(row)[0];
        assertThat((double) served[row] * served[row]).isCloseTo(loss, within(1e-5));
      }
    }
  }

  @Test
  void kerasMovesTheStatisticsAndNormalizesAlike() throws IOException {
    Path python = PythonTensorFlow.find();
    float[] x = Models.normals(EXAMPLES * CHANNELS, 3);
    ByteBuffer stored = ByteBuffer.allocate(x.length * Float.BYTES).order(ByteOrder.nativeOrder());
    stored.asFloatBuffer().put(x);
    List<float[]> keras =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import numpy as np
            import keras
            x = np.fromfile(sys.argv[1], np.float32).reshape(-1, 2)
            layer = keras.layers.BatchNormalization(momentum=0.9)
            layer(x[:3], training=True)
            layer(x[3:], training=True)
            print('RESULT', *np.asarray(layer.moving_mean))
            print('RESULT', *np.asarray(layer.moving_variance))
            print('RESULT', *np.asarray(layer(x, training=False)).ravel())
            """,
            Files.write(temporary.resolve("x"), stored.array()));
    CompiledModel compiled = ModelCompiler.compile(VECTORS, 1);
    TrainingProgram program = compiled.program();
    float[] after;
    try (LocalProgram local = new LocalProgram(program)) {
      local.load(examples(x)).assign(LocalProgram.vector(compiled));
      local.train(0, 0, 0, 0, 1, 2);
      local.train(0, 1, 0, 3, 4, 5);
      after = local.read();
    }
    float[] mean = Arrays.copyOfRange(after, at(program, MEAN), at(program, MEAN) + CHANNELS);
    float[] variance =
        Arrays.copyOfRange(after, at(program, VARIANCE), at(program, VARIANCE) + CHANNELS);
    assertThat(mean).containsExactly(keras.get(0), within(1e-6f));
    assertThat(variance).containsExactly(keras.get(1), within(1e-6f));
    assertThat(
            LocalLayer.run(
                NORMALIZE,
                List.of(LocalLayer.floats(List.of(CHANNELS), x)),
                Map.of(
                    "batch-normalization_0/gamma",
                    new float[] {1, 1},
                    "batch-normalization_0/beta",
                    new float[] {0, 0},
                    MEAN,
                    mean,
                    VARIANCE,
                    variance)))
        .containsExactly(keras.get(2), within(1e-5f));
  }

  @Test
  void pythonKnowsWhatIsLearnedAndWhatIsNot() throws IOException {
    Path python = PythonTensorFlow.find();
    TrainingProgram program = ModelCompiler.compile(VECTORS, 1).program();
    SavedModelWriter.write(VECTORS, program, flat(Models.randomWeights(program, 2)), temporary);
    List<float[]> counts =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import tensorflow as tf
            variables = tf.saved_model.load(sys.argv[1]).variables
            print('RESULT', len(variables), sum(v.trainable for v in variables))
            """,
            temporary);
    assertThat(counts.get(0)).containsExactly(6, 4);
  }

  @Test
  void groupsOfChannelsAreNormalizedInEachExample() {
    List<Integer> shape = List.of(2, 3, 4);
    float[] x = Models.normals(2 * 24, 1);
    float[] gamma = {1, 2, 3, 4};
    float[] beta = {0, -1, 1, 0.5f};
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int example = i / 24;
      int group = i % 4 / 2;
      double[] members = new double[12];
      for (int m = 0; m < 12; m++) {
        members[m] = x[example * 24 + m / 2 * 4 + group * 2 + m % 2];
      }
      double mean = Arrays.stream(members).average().orElseThrow();
      double variance =
          Arrays.stream(members).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      expected[i] = (x[i] - mean) / Math.sqrt(variance + 1e-3) * gamma[i % 4] + beta[i % 4];
    }
    assertClose(
        LocalLayer.run(
            new NormalizationLayer.GroupNormalization(2, 1e-3, true, true),
            List.of(LocalLayer.floats(shape, x)),
            Map.of("group-normalization_0/gamma", gamma, "group-normalization_0/beta", beta)),
        expected);
  }

  @Test
  void groupsMustDivideTheChannels() {
    Layer layer = new NormalizationLayer.GroupNormalization(3, 1e-3, true, true);
    assertThatThrownBy(() -> layer.outputShape(List.of(List.of(2, 2, 4))))
        .hasMessage(
            "group-normalization takes an input whose channels are a multiple of groups, but was"
                + " given [2, 2, 4] for 3; choose groups that divide them");
  }

  private static List<Tensor> examples(float... x) {
    return List.of(floats(x, EXAMPLES, CHANNELS), floats(new float[EXAMPLES], EXAMPLES));
  }

  private static int at(TrainingProgram program, String name) {
    return (int)
        program.variables().stream()
            .filter(variable -> variable.name().equals(name))
            .findFirst()
            .orElseThrow()
            .offset();
  }

  private static double mean(float[] x, int channel, int from, int to) {
    double sum = 0;
    for (int row = from; row < to; row++) {
      sum += x[row * CHANNELS + channel];
    }
    return sum / (to - from);
  }

  private static double variance(float[] x, int channel, int from, int to) {
    double mean = mean(x, channel, from, to);
    double sum = 0;
    for (int row = from; row < to; row++) {
      sum += Math.pow(x[row * CHANNELS + channel] - mean, 2);
    }
    return sum / (to - from);
  }

  private static double squares(double... predictions) {
    return Arrays.stream(predictions).map(p -> p * p).sum();
  }
}
