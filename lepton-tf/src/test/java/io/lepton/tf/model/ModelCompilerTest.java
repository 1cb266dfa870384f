package io.lepton.tf.model;

import static io.lepton.tf.model.LocalProgram.floats;
import static io.lepton.tf.model.LocalProgram.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.tf.Derivation;
import io.lepton.tf.Metric;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class ModelCompilerTest {
  private static final Optimizer ADAM = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7);
  private static final ModelSpec SPEC = Models.with(Models.convolutional(), ADAM);

  @Test
  void equalModelsGiveEqualBytes() {
    TrainingProgram program = ModelCompiler.compile(SPEC, 1).program();
    for (int i = 0; i < 5; i++) {
      TrainingProgram again = ModelCompiler.compile(SPEC, i).program();
      assertThat(again.graphDef()).isEqualTo(program.graphDef());
      assertThat(again.fingerprint()).isEqualTo(program.fingerprint());
      assertThat(again.variables()).isEqualTo(program.variables());
    }
  }

  @Test
  void equalSeedsGiveEqualWeightsAndOthersOthers() {
    float[] weights = vector(ModelCompiler.compile(SPEC, 1));
    assertThat(vector(ModelCompiler.compile(SPEC, 1))).isEqualTo(weights);
    assertThat(vector(ModelCompiler.compile(SPEC, 2))).isNotEqualTo(weights);
  }

  @Test
  void initialValuesStayTheSameFromReleaseToRelease() {
    ModelSpec spec = Models.regression(Models.features(2), Models.dense(1));
    float[] expected = {1.1104646f, -1.336848f};
    assertThat(Arrays.copyOf(vector(ModelCompiler.compile(spec, 42)), 2)).isEqualTo(expected);
  }

  @Test
  void kernelsAreUniformWithinGlorotsBoundAndAllElseIsZero() {
    ModelSpec spec =
        Models.with(
            Models.classifier(
                Models.features(8, 8, 4),
                10,
                new Layer.Conv2d(64, 5, 1, Padding.SAME, Activation.RELU, true),
                new Layer.Flatten(),
                Models.dense(10)),
            ADAM);
    CompiledModel model = ModelCompiler.compile(spec, 3);
    float[] vector = vector(model);
    double[] bounds = {Math.sqrt(6.0 / (25 * (4 + 64))), 0, Math.sqrt(6.0 / (4096 + 10))};
    boolean[] covered = new boolean[vector.length];
    for (int i = 0; i < model.program().variables().size(); i++) {
      Variable variable = model.program().variables().get(i);
      double bound = i < bounds.length ? bounds[i] : 0;
      double squares = 0;
      for (long at = variable.offset(); at < variable.offset() + variable.size(); at++) {
        double value = vector[(int) at];
        covered[(int) at] = true;
        assertThat(Math.abs(value)).isLessThanOrEqualTo(bound);
        squares += value * value;
      }
      assertThat(squares / variable.size())
          .isCloseTo(bound * bound / 3, within(0.05 * bound * bound));
    }
    for (int i = 0; i < vector.length; i++) {
      assertThat(covered[i] || vector[i] == 0).isTrue();
    }
  }

  @Test
  void initialParametersAreOneForEachElementOfTheVector() {
    CompiledModel model = ModelCompiler.compile(SPEC, 1);
    assertThat(model.initialParameters().size()).isEqualTo(model.program().vectorSize());
  }

  @Test
  void variablesAreNamedByLayerAndOptimizerStateComesLast() {
    List<Variable> variables = ModelCompiler.compile(SPEC, 1).program().variables();
    assertThat(variables)
        .extracting(Variable::name)
        .containsExactly(
            "conv2d_1/kernel",
            "conv2d_1/bias",
            "dense_6/kernel",
            "dense_6/bias",
            "conv2d_1/kernel/m",
            "conv2d_1/kernel/v",
            "conv2d_1/bias/m",
            "conv2d_1/bias/v",
            "dense_6/kernel/m",
            "dense_6/kernel/v",
            "dense_6/bias/m",
            "dense_6/bias/v");
    assertThat(variables)
        .extracting(Variable::trainable)
        .startsWith(true, true, true, true, false)
        .endsWith(false, false);
    assertThat(variables.get(2).shape()).containsExactly(36, 3);
    assertThat(variables).allMatch(variable -> variable.offset() % 16 == 0);
    assertThat(variables).extracting(Variable::offset).startsWith(0L, 48L, 64L, 176L, 192L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assign",
        "batch",
        "chunk",
        "evaluation",
        "example_ids",
        "gradients",
        "indices",
        "input_0",
        "load",
        "model",
        "optimizer",
        "save",
        "seed",
        "step",
        "train",
        "train_summary",
        "training"
      })
  void aLayerMayHaveANameThatTheProgramUsesItself(String name, @TempDir Path directory)
      throws IOException {
    ModelSpec spec =
        Models.graph(
            List.of(ModelInput.raw(Models.features(2))),
            List.of(
                new Node(name, Models.dense(2), List.of()),
                new Node("kernel", Models.dense(1), List.of())),
            Target.of(Models.NUMBER, new Loss.SquaredError()));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    assertThat(program.variables())
        .extracting(Variable::name)
        .containsExactly(name + "/kernel", name + "/bias", "kernel/kernel", "kernel/bias");
    float[] weights = Models.randomWeights(program, 1);
    SavedModelWriter.write(spec, program, LocalProgram.flat(weights), directory);
  }

  @Test
  void everyPortIsInTheGraph() {
    TrainingProgram program = ModelCompiler.compile(Models.weighted(SPEC), 1).program();
    try (Graph graph = new Graph()) {
      graph.importGraphDef(LocalProgram.graphDef(program));
      TrainingProgram.Slot slot = program.slots().get(0);
      Stream.of(slot.stageOp(), slot.loadOp(), program.trainOp(), program.assignOp())
          .forEach(name -> assertThat(graph.operation(name).type()).isEqualTo("NoOp"));
      assertThat(slot.columnFeeds()).hasSameSizeAs(program.columns());
      Stream.concat(
              Stream.of(
                  program.indices(),
                  program.learningRate(),
                  program.step(),
                  program.seed(),
                  slot.firstExample()),
              Stream.concat(
                  slot.columnFeeds().stream(), program.variables().stream().map(Variable::feed)))
          .forEach(name -> assertThat(graph.output(name).op().type()).isEqualTo("Placeholder"));
      assertThat(graph.output(program.trainSummary()).shape()).isEqualTo(Shape.of(3));
      assertThat(graph.output(program.evaluateSummary()).shape()).isEqualTo(Shape.of(3 + 3 * 3));
      assertThat(program.variables())
          .allSatisfy(
              variable ->
                  assertThat(graph.output(variable.read()).shape())
                      .isEqualTo(Shape.of(variable.dimensions())));
    }
  }

  @Test
  void aChunkIsInputsThenLabelThenWeight() {
    TrainingProgram program = ModelCompiler.compile(Models.weighted(SPEC), 1).program();
    assertThat(program.columns())
        .containsExactly(
            SPEC.inputs().get(0).column(),
            SPEC.targets().get(0).label(),
            new ColumnSpec("weight", ElementType.FLOAT32, List.of()));
    assertThat(ModelCompiler.compile(SPEC, 1).program().columns()).hasSize(2);
    assertThat(program.metrics()).startsWith(new Metric("accuracy", Derivation.MEAN, 0, 1));
  }

  @Test
  void theGraphHasTheOperationsThatAreFastAndThatKeepALoan() {
    List<String> types =
        LocalProgram.graphDef(ModelCompiler.compile(SPEC, 1).program()).getNodeList().stream()
            .map(NodeDef::getOp)
            .toList();
    assertThat(types)
        .contains("MaxPool", "MaxPoolGrad", "ReadVariableOp", "GatherV2", "ResourceApplyAdam")
        .doesNotContain("MaxPoolV2", "ResourceGather", "VariableV2");
  }

  @Test
  void summariesCountTheParametersOfEachLayer() {
    assertThat(ModelCompiler.compile(SPEC, 1).layers())
        .containsExactly(
            new LayerSummary("rescaling_0", "rescaling", List.of(8, 8, 1), 0, 0),
            new LayerSummary(
                "conv2d_1", "conv2d", List.of(6, 6, 4), 3 * 3 * 4 + 4, 2 * 6 * 6 * 4 * 3 * 3),
            new LayerSummary("max-pooling2d_2", "max-pooling2d", List.of(3, 3, 4), 0, 0),
            new LayerSummary("dropout_3", "dropout", List.of(3, 3, 4), 0, 0),
            new LayerSummary("flatten_4", "flatten", List.of(36), 0, 0),
            new LayerSummary("activation_5", "activation", List.of(36), 0, 0),
            new LayerSummary("dense_6", "dense", List.of(3), 36 * 3 + 3, 2 * 36 * 3));
    assertThat(ModelCompiler.compile(SPEC, 1).program().weights()).isEqualTo(40 + 111);
  }

  @ParameterizedTest
  @EnumSource
  void inputsOfEveryTypeAreSeenAsFloats(ElementType type) {
    ColumnSpec input = new ColumnSpec("an input, of any name", type, List.of());
    ModelSpec spec = Models.regression(input, new Layer.Flatten(), Models.dense(1));
    TrainingProgram program = ModelCompiler.compile(spec, 1).program();
    float[] identity = new float[(int) program.vectorSize()];
    identity[0] = 1;
    try (LocalProgram local = new LocalProgram(program)) {
      float[] summary =
          local
              .load(List.of(zeroAndOne(type), floats(new float[] {0, 0}, 2)))
              .assign(identity)
              .evaluate(1, 0, 1);
      assertThat(summary).startsWith(2, 3, 2, 2);
    }
  }

  @Test
  void examplesAreNumberedFromTheFirstOfTheirChunk() {
    TrainingProgram program =
        ModelCompiler.compile(Models.regression(Models.features(1), Models.dense(1)), 1).program();
    try (LocalProgram local = new LocalProgram(program)) {
      long first = 5_000_000_000L;
      local.load(List.of(floats(new float[3], 3, 1), floats(new float[3], 3)), first);
      assertThat(local.exampleIds(2, 0, 2)).containsExactly(first + 2, first, first + 2);
      local.load(List.of(floats(new float[3], 3, 1), floats(new float[3], 3)), 7);
      assertThat(local.exampleIds(1)).containsExactly(8);
    }
  }

  @Test
  void oneSlotNeedsNoSplittingAndNoJoining() {
    TrainingProgram program = ModelCompiler.compile(SPEC, 1, 1).program();
    assertThat(program.graphDef()).isEqualTo(ModelCompiler.compile(SPEC, 1).program().graphDef());
    assertThat(program.counts()).isNull();
    assertThat(program.slots()).hasSize(1);
    assertThat(operations(program))
        .doesNotContain("SplitV", "ConcatV2")
        .filteredOn("GatherV2"::equals)
        .hasSize(program.columns().size() + 1);
  }

  @Test
  void everySlotHasPortsOfItsOwn() {
    TrainingProgram program = ModelCompiler.compile(SPEC, 1, 3).program();
    assertThat(program.counts()).isEqualTo("counts:0");
    assertThat(program.slots())
        .extracting(TrainingProgram.Slot::loadOp)
        .containsExactly("load", "load_1", "load_2");
    assertThat(program.slots())
        .extracting(TrainingProgram.Slot::stageOp)
        .containsExactly("stage", "stage_1", "stage_2");
    assertThat(program.slots().stream().flatMap(slot -> slot.columnFeeds().stream()))
        .doesNotHaveDuplicates()
        .hasSize(3 * program.columns().size());
    assertThat(operations(program))
        .contains("SplitV")
        .filteredOn("ConcatV2"::equals)
        .hasSize(program.columns().size() + 1);
  }

  @Test
  void aProgramWithoutSlotsIsRefused() {
    assertThatThrownBy(() -> ModelCompiler.compile(SPEC, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slots must be positive, but was: 0");
  }

  /** Of all but evaluation, whose summary is joined from parts. */
  private static List<String> operations(TrainingProgram program) {
    return LocalProgram.graphDef(program).getNodeList().stream()
        .filter(node -> !node.getName().startsWith("evaluation/"))
        .map(NodeDef::getOp)
        .toList();
  }

  @Test
  void trainingLowersTheLoss() {
    CompiledModel model = ModelCompiler.compile(SPEC, 1);
    try (LocalProgram local = new LocalProgram(model.program());
        TUint8 images = images(60)) {
      int[] labels = new int[60];
      for (int i = 0; i < 60; i++) {
        labels[i] = i % 3;
      }
      local.load(List.of(images, TInt32.vectorOf(labels))).assign(vector(model));
      int[] rows = Models.rows(60);
      float before = local.evaluate(rows)[0];
      for (int step = 0; step < 100; step++) {
        local.train(0.01f, step, 7, rows);
      }
      float[] after = local.evaluate(rows);
      assertThat(after[0]).isLessThan(before / 4);
      assertThat(after[2]).isGreaterThan(50);
    }
  }

  /** Noise, brighter in each next class. */
  private static TUint8 images(int count) {
    byte[] pixels = Models.bytes(count * 64, 1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((pixels[i] & 63) + i / 64 % 3 * 64);
    }
    return TUint8.tensorOf(Shape.of(count, 8, 8, 1), DataBuffers.of(pixels));
  }

  private static Tensor zeroAndOne(ElementType type) {
    return switch (type) {
      case FLOAT32 -> TFloat32.vectorOf(0, 1);
      case FLOAT64 -> TFloat64.vectorOf(0, 1);
      case INT32 -> TInt32.vectorOf(0, 1);
      case INT64 -> TInt64.vectorOf(0, 1);
      case UINT8 -> TUint8.vectorOf((byte) 0, (byte) 1);
      case BOOL -> TBool.vectorOf(false, true);
    };
  }
}
