package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.flat;
import static io.lepton.tf.model.LocalProgram.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.TrainingProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class SavedModelWriterTest {
  private static final int EXAMPLES = 7;
  private static final long[] USERS = {0, 1, 2, 3, 0, 1, 2};
  private static final double[] HABITS_STORED = {
    1,
    2,
    3,
    Double.NaN,
    0,
    1,
    5,
    Double.POSITIVE_INFINITY,
    0,
    -1,
    -9,
    9,
    0,
    0,
    Double.NaN,
    1e9,
    1,
    1,
    0.5,
    Double.NEGATIVE_INFINITY,
    -0.5
  };
  private static final Offset<Float> CLOSE = within(1e-6f);
  private static final ModelSpec CONVOLUTIONAL =
      Models.with(Models.convolutional(), new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7));
  private static final ModelSpec BINARY =
      Models.binary(Models.features(3), Models.dense(4, Activation.RELU), Models.dense(1));
  private static final ModelSpec REGRESSION =
      Models.regression(Models.features(3), Models.dense(4, Activation.GELU), Models.dense(1));

  private static final ModelInput USER = Models.input("user", ElementType.INT64);
  private static final ModelInput HABITS =
      new ModelInput(
          new ColumnSpec("habits", ElementType.FLOAT64, List.of(3)),
          List.of(
              new Transform.Fill(List.of(1.0, 2.0, 3.0), List.of(1)),
              new Transform.Log(List.of(0)),
              new Transform.Clip(List.of(-2.0), List.of(2.0)),
              new Transform.Scale(List.of(0.5), List.of(2.0))));
  private static final ModelSpec TWO_HEADS =
      Models.graph(
          List.of(USER, HABITS),
          List.of(
              new Node("taste", new IdLayer.Embedding(4, 2), List.of("user")),
              new Node("both", new MergeLayer.Concatenate(), List.of("taste", "habits")),
              new Node("kind", Models.dense(3), List.of("both")),
              new Node("size", Models.dense(1), List.of("both"))),
          new Target(
              new ColumnSpec("choice", ElementType.INT32, List.of()),
              new Loss.Softmax(3),
              "kind",
              1,
              List.of()),
          Target.of(
              new ColumnSpec("amount", ElementType.FLOAT32, List.of()), new Loss.SquaredError()));

  @TempDir private Path temporary;

  @Test
  void whatIsLoadedAgreesWithTheProgramsOwnEvaluation() throws IOException {
    TrainingProgram program = ModelCompiler.compile(CONVOLUTIONAL, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    SavedModelWriter.write(CONVOLUTIONAL, program, flat(vector), temporary);
    try (LocalProgram local = new LocalProgram(program);
        TUint8 images = images()) {
      local.load(List.of(images, TInt32.vectorOf(0, 1, 2, 0, 1, 2, 0))).assign(vector);
      Map<String, float[]> outputs = call(temporary, "image", images);
      assertThat(outputs).containsOnlyKeys("logits", "probabilities");
      for (int row = 0; row < EXAMPLES; row++) {
        double probability = outputs.get("probabilities")[row * 3 + row % 3];
        assertThat((double) local.evaluate(row)[0]).isCloseTo(-Math.log(probability), within(1e-5));
      }
      assertThat(outputs.get("probabilities"))
          .containsExactly(softmax(outputs.get("logits")), CLOSE);
    }
  }

  @Test
  void aBinaryClassifierGivesOneLogitAndOneProbability() throws IOException {
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    SavedModelWriter.write(BINARY, program, flat(vector), temporary);
    try (LocalProgram local = new LocalProgram(program);
        TFloat32 features = features()) {
      local.load(List.of(features, TInt32.vectorOf(1, 1, 1, 1, 1, 1, 1))).assign(vector);
      Map<String, float[]> outputs = call(temporary, "features", features);
      for (int row = 0; row < EXAMPLES; row++) {
        float logit = outputs.get("logits")[row];
        float probability = outputs.get("probabilities")[row];
        assertThat(probability).isCloseTo((float) (1 / (1 + Math.exp(-logit))), CLOSE);
        assertThat(local.evaluate(row)[0]).isCloseTo((float) -Math.log(probability), within(1e-5f));
      }
    }
  }

  @Test
  void aRegressionGivesPredictions() throws IOException {
    TrainingProgram program = ModelCompiler.compile(REGRESSION, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    SavedModelWriter.write(REGRESSION, program, flat(vector), temporary);
    try (LocalProgram local = new LocalProgram(program);
        TFloat32 features = features()) {
      local.load(List.of(features, floats(new float[EXAMPLES], EXAMPLES))).assign(vector);
      Map<String, float[]> outputs = call(temporary, "features", features);
      assertThat(outputs).containsOnlyKeys("predictions");
      for (int row = 0; row < EXAMPLES; row++) {
        assertThat(Math.abs(outputs.get("predictions")[row]))
            .isCloseTo(local.evaluate(row)[2], CLOSE);
      }
    }
  }

  @Test
  void aModelOfSeveralInputsAndTargetsTakesThemByNameAndGivesThoseOfEachTarget()
      throws IOException {
    TrainingProgram program = ModelCompiler.compile(TWO_HEADS, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    SavedModelWriter.write(TWO_HEADS, program, flat(vector), temporary);
    try (LocalProgram local = new LocalProgram(program);
        TInt64 users = TInt64.vectorOf(USERS);
        TFloat64 habits = habits()) {
      Map<String, float[]> outputs = call(temporary, Map.of("user", users, "habits", habits));
      assertThat(outputs)
          .containsOnlyKeys("choice_logits", "choice_probabilities", "amount_predictions");
      local
          .load(
              List.of(
                  users,
                  habits,
                  TInt32.vectorOf(0, 1, 2, 0, 1, 2, 0),
                  floats(new float[EXAMPLES], EXAMPLES)))
          .assign(vector);
      for (int row = 0; row < EXAMPLES; row++) {
        float[] summary = local.evaluate(row);
        double probability = outputs.get("choice_probabilities")[row * 3 + row % 3];
        assertThat((double) summary[2]).isCloseTo(-Math.log(probability), within(1e-5));
        assertThat(Math.abs(outputs.get("amount_predictions")[row])).isCloseTo(summary[5], CLOSE);
      }
    }
  }

  @Test
  void pythonPreparesInputsByTheSameOperations() throws IOException {
    Path python = PythonTensorFlow.find();
    TrainingProgram program = ModelCompiler.compile(TWO_HEADS, 1).program();
    Path model = temporary.resolve("model");
    SavedModelWriter.write(TWO_HEADS, program, flat(Models.randomWeights(program, 2)), model);
    ByteBuffer stored =
        ByteBuffer.allocate(HABITS_STORED.length * 8).order(ByteOrder.nativeOrder());
    stored.asDoubleBuffer().put(HABITS_STORED);
    List<float[]> results =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import numpy as np
            import tensorflow as tf
            model = tf.saved_model.load(sys.argv[1])
            outputs = model.signatures['serving_default'](
                user=tf.constant([0, 1, 2, 3, 0, 1, 2], tf.int64),
                habits=tf.constant(np.fromfile(sys.argv[2], np.float64).reshape(-1, 3)))
            print('RESULT', *outputs['choice_logits'].numpy().ravel())
            print('RESULT', *outputs['amount_predictions'].numpy().ravel())
            """,
            model,
            Files.write(temporary.resolve("habits"), stored.array()));
    try (TInt64 users = TInt64.vectorOf(USERS);
        TFloat64 habits = habits()) {
      Map<String, float[]> outputs = call(model, Map.of("user", users, "habits", habits));
      assertThat(results.get(0)).containsExactly(outputs.get("choice_logits"), CLOSE);
      assertThat(results.get(1)).containsExactly(outputs.get("amount_predictions"), CLOSE);
    }
  }

  @Test
  void aFrozenModelIsOneFileThatGivesTheSame() throws IOException {
    TrainingProgram program = ModelCompiler.compile(CONVOLUTIONAL, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    SavedModelWriter.write(CONVOLUTIONAL, program, flat(vector), temporary.resolve("served"));
    Path frozen = temporary.resolve("frozen");
    SavedModelWriter.writeFrozen(CONVOLUTIONAL, program, flat(vector), frozen);

    assertThat(files(frozen)).containsExactly("saved_model.pb");
    try (TUint8 images = images()) {
      Map<String, float[]> expected = call(temporary.resolve("served"), "image", images);
      Map<String, float[]> outputs = call(frozen, "image", images);
      assertThat(outputs).containsOnlyKeys("logits", "probabilities");
      assertThat(outputs.get("logits")).containsExactly(expected.get("logits"), CLOSE);
      assertThat(outputs.get("probabilities"))
          .containsExactly(expected.get("probabilities"), CLOSE);
    }
  }

  @Test
  void pythonLoadsAFrozenModelWithoutVariables() throws IOException {
    Path python = PythonTensorFlow.find();
    TrainingProgram program = ModelCompiler.compile(CONVOLUTIONAL, 1).program();
    Path frozen = temporary.resolve("frozen");
    SavedModelWriter.writeFrozen(
        CONVOLUTIONAL, program, flat(Models.randomWeights(program, 2)), frozen);
    List<float[]> results =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import numpy as np
            import tensorflow as tf
            images = np.fromfile(sys.argv[1], np.uint8).reshape(-1, 8, 8, 1)
            model = tf.saved_model.load(sys.argv[2])
            outputs = model.signatures['serving_default'](image=tf.constant(images))
            print('RESULT', *outputs['logits'].numpy().ravel())
            print('RESULT', len(model.variables))
            """,
            Files.write(temporary.resolve("images"), pixels()),
            frozen);
    try (TUint8 images = images()) {
      assertThat(results.get(0))
          .containsExactly(call(frozen, "image", images).get("logits"), CLOSE);
      assertThat(results.get(1)).containsExactly(0);
    }
  }

  @Test
  void pythonGivesTheSameOutputsForEachOfTwoModelsOfEqualNames() throws IOException {
    Path python = PythonTensorFlow.find();
    TrainingProgram program = ModelCompiler.compile(CONVOLUTIONAL, 1).program();
    for (int seed = 0; seed < 2; seed++) {
      float[] vector = Models.randomWeights(program, seed);
      Path model = temporary.resolve("model-" + seed);
      SavedModelWriter.write(CONVOLUTIONAL, program, flat(vector), model);
    }
    Path input = Files.write(temporary.resolve("images"), pixels());
    List<float[]> logits =
        PythonTensorFlow.run(
            python,
            """
            import sys
            import numpy as np
            import tensorflow as tf
            images = np.fromfile(sys.argv[1], np.uint8).reshape(-1, 8, 8, 1)
            models = [tf.saved_model.load(path) for path in sys.argv[2:4]]
            for model in models:
                outputs = model.signatures['serving_default'](image=tf.constant(images))
                print('RESULT', *outputs['logits'].numpy().ravel())
                print('RESULT', *outputs['probabilities'].numpy().ravel())
                print('RESULT', len(model.variables))
            """,
            input,
            temporary.resolve("model-0"),
            temporary.resolve("model-1"));
    try (TUint8 images = images()) {
      for (int seed = 0; seed < 2; seed++) {
        Map<String, float[]> outputs = call(temporary.resolve("model-" + seed), "image", images);
        assertThat(logits.get(3 * seed)).containsExactly(outputs.get("logits"), CLOSE);
        assertThat(logits.get(3 * seed + 1)).containsExactly(outputs.get("probabilities"), CLOSE);
        assertThat(logits.get(3 * seed + 2)).containsExactly(4);
      }
    }
  }

  @Test
  void equalModelsAreEqualFiles() throws IOException {
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    float[] vector = Models.randomWeights(program, 2);
    Path first = temporary.resolve("first");
    Path second = temporary.resolve("second");
    SavedModelWriter.write(BINARY, program, flat(vector), first);
    SavedModelWriter.write(BINARY, program, flat(vector), second);
    for (String file : files(first)) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  @Test
  void aModelIsThreeFilesAndNothingBesides() throws IOException {
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    SavedModelWriter.write(
        BINARY, program, flat(Models.randomWeights(program, 2)), temporary.resolve("a/b"));
    assertThat(files(temporary))
        .containsExactlyInAnyOrder(
            "a/b/saved_model.pb",
            "a/b/variables/variables.index",
            "a/b/variables/variables.data-00000-of-00001");
  }

  @Test
  void aSavedModelIsNotOverwritten() throws IOException {
    Files.createFile(temporary.resolve("saved_model.pb"));
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    assertThatThrownBy(
            () ->
                SavedModelWriter.write(
                    BINARY, program, flat(Models.randomWeights(program, 2)), temporary))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageEndingWith("a SavedModel is not overwritten; give another directory");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsAnInputOutputError() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    assertThatThrownBy(
            () ->
                SavedModelWriter.write(
                    BINARY, program, flat(Models.randomWeights(program, 2)), file.resolve("model")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void filesThatCannotBeWrittenAreAnInputOutputError() throws IOException {
    Files.createDirectories(temporary.resolve("variables/variables.index"));
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    assertThatThrownBy(
            () ->
                SavedModelWriter.write(
                    BINARY, program, flat(Models.randomWeights(program, 2)), temporary))
        .isInstanceOf(IOException.class)
        .hasMessage("variables could not be written to " + temporary.resolve("variables"));
    assertThat(temporary.resolve("saved_model.pb")).doesNotExist();
  }

  @Test
  void parametersMustBeThoseOfTheProgramAndTheProgramThatOfTheModel() {
    TrainingProgram program = ModelCompiler.compile(BINARY, 1).program();
    assertThatThrownBy(() -> SavedModelWriter.write(BINARY, program, flat(new float[5]), temporary))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameters must have 64 elements, but had: 5");
    assertThatThrownBy(
            () ->
                SavedModelWriter.write(
                    CONVOLUTIONAL, program, flat(Models.randomWeights(program, 2)), temporary))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the program must be compiled from the model, but for conv2d_1/kernel [3, 3, 1, 4]"
                + " it had: null");
  }

  private static Map<String, float[]> call(Path model, String input, Tensor value) {
    return call(model, Map.of(input, value));
  }

  private static Map<String, float[]> call(Path model, Map<String, Tensor> inputs) {
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString(), "serve");
        Result result = bundle.function("serving_default").call(inputs)) {
      return result.keySet().stream()
          .collect(
              Collectors.toMap(
                  name -> name,
                  name -> LocalProgram.values((TFloat32) result.get(name).orElseThrow())));
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> directory.relativize(path).toString())
          .toList();
    }
  }

  private static float[] softmax(float[] logits) {
    float[] probabilities = new float[logits.length];
    for (int row = 0; row < logits.length; row += 3) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(logits[row + c]);
      }
      for (int c = 0; c < 3; c++) {
        probabilities[row + c] = (float) (Math.exp(logits[row + c]) / sum);
      }
    }
    return probabilities;
  }

  private static byte[] pixels() {
    return Models.bytes(EXAMPLES * 64, 9);
  }

  private static TUint8 images() {
    return TUint8.tensorOf(Shape.of(EXAMPLES, 8, 8, 1), DataBuffers.of(pixels()));
  }

  private static TFloat64 habits() {
    return TFloat64.tensorOf(Shape.of(EXAMPLES, 3), DataBuffers.of(HABITS_STORED));
  }

  private static TFloat32 features() {
    return floats(Models.normals(EXAMPLES * 3, 9), EXAMPLES, 3);
  }
}
