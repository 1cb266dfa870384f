package io.lepton.spark.config;

import static io.lepton.tf.model.RecurrentLayer.Cell.GRU;
import static io.lepton.tf.model.RecurrentLayer.Cell.LSTM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.ConfigObject;
import io.lepton.arrow.ElementType;
import io.lepton.spark.Objective;
import io.lepton.spark.PrecisionChoice;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.ClassLoss;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.MeasuredLoss;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.RankingLoss;
import io.lepton.tf.model.RecurrentLayer;
import io.lepton.tf.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobConfigurationTest {
  private static final String SAMPLE =
      """
      name = fashion-mnist
      seed = 11
      data {
        train = "data/train.parquet"
        validation-fraction = 0.1
        format = delta
        inputs.image { column = image, type = image, shape = [28, 28, 1] }
        label { column = label, classes = 10 }
        weight-column = w
      }
      model.layers = [
        { rescaling { scale = 0.5, offset = -1 } }
        { conv2d { filters = 32, kernel-size = 3, strides = 2, padding = same, activation = leaky-relu, use-bias = false } }
        { max-pooling2d { pool-size = 3, strides = 1, padding = same } }
        { activation { function = tanh } }
        { flatten {} }
        { dropout { rate = 0.25 } }
        { dense { units = 10, activation = relu6, use-bias = false } }
      ]
      training {
        epochs = 9
        batch-size = 32
        precision = mixed-bfloat16
        float32-layers = "dense_6"
        loss = softmax
        optimizer.adam { learning-rate = 0.01, beta1 = 0.8, beta2 = 0.99, epsilon = 0.001 }
        early-stopping { metric = loss, patience = 2 }
      }
      averaging { replicas = 4, local-steps = 10 }
      session {
        deterministic = true, xla = true, gpu-memory-growth = false, gpu-memory-fraction = 0.5,
        page-locked = true
      }
      cluster { executor-wait = 40 seconds, task-timeout = 3 minutes }
      shards { directory = "/shards", max-size = 5 MiB }
      output { model = "models/m", overwrite = false, frozen = true }
      """;

  @TempDir Path directory;

  @Test
  void everyDefaultIsWhatTheDocumentationSays() {
    JobConfiguration job = JobFile.minimalAnd(directory).load();

    assertThat(job.seed()).isEqualTo(7);
    assertThat(job.data().validationFraction()).isEmpty();
    assertThat(job.data().format()).isEmpty();
    assertThat(job.data().weightColumn()).isEmpty();
    assertThat(job.data().inputs())
        .containsExactly(InputSpec.numbers("x", List.of("a", "b"), null, List.of()));
    assertThat(job.data().labels()).containsExactly(LabelSpec.of("y", 0));
    assertThat(job.training())
        .isEqualTo(
            new TrainingSection(
                5,
                64,
                PrecisionChoice.AUTO,
                List.of(),
                Objective.of(new Loss.SquaredError()),
                new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7),
                LearningSection.PLAIN,
                Optional.empty()));
    assertThat(job.averaging()).isEqualTo(Averaging.plain(Averaging.AUTO, 50));
    assertThat(job.session())
        .isEqualTo(new SessionSection(false, false, true, 0, PageLocking.AUTO));
    assertThat(job.cluster())
        .isEqualTo(new ClusterSection(Duration.ofMinutes(5), Duration.ofHours(2)));
    assertThat(job.shards()).isEqualTo(new ShardsSection(Optional.empty(), 20L << 30));
    assertThat(job.output()).isEqualTo(new OutputSection("out", true, false));
  }

  @Test
  void layersHaveTheDefaultsOfKeras() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "data.inputs.x.columns = \"f*\"",
                "model.layers = [",
                "  { conv2d { filters = 8, kernel-size = 3 } }",
                "  { max-pooling2d {} }",
                "  { max-pooling2d { pool-size = 3 } }",
                "  { rescaling { scale = 2 } }",
                "  { dense { units = 1 } }",
                "]")
            .load();

    assertThat(job.layers())
        .extracting(Node::layer)
        .containsExactly(
            new Layer.Conv2d(8, 3, 1, Padding.VALID, Activation.LINEAR, true),
            new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
            new PoolingLayer.MaxPooling2d(3, 3, Padding.VALID),
            new Layer.Rescaling(2, 0),
            new Layer.Dense(1, Activation.LINEAR, true));
  }

  @Test
  void eachKindOfLayerHasItsWordAndItsPlace() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                """
                data.inputs.x { columns = null, column = w, type = int32 }
                model.layers = [
                  { embedding { input-size = 100, output-dim = 16, name = words } }
                  { not-equal { name = mask, inputs = [x] } }
                  { not-equal { name = start, inputs = x, value = -1 } }
                  { add { name = both, inputs = [mask, start] } }
                  { global-average-pooling1d { name = mean, inputs = [words, both] } }
                  { conv1d { filters = 8, kernel-size = 3, inputs = words } }
                  { conv1d { filters = 8, kernel-size = 3, strides = 2, padding = same, activation = relu, use-bias = false } }
                  { global-max-pooling1d { name = max } }
                  { concatenate { inputs = [mean, max] } }
                  { reshape { shape = [2, 2, 6] } }
                  { up-sampling2d {} }
                  { up-sampling2d { size = 3 } }
                  { average-pooling2d {} }
                  { average-pooling2d { pool-size = 3, strides = 1, padding = same } }
                  { global-average-pooling2d {} }
                  { dense { units = 1 } }
                ]""")
            .load();

    assertThat(job.layers())
        .containsExactly(
            node("words", new IdLayer.Embedding(100, 16)),
            node("mask", new IdLayer.NotEqual(0), "x"),
            node("start", new IdLayer.NotEqual(-1), "x"),
            node("both", new MergeLayer.Add(), "mask", "start"),
            node("mean", new PoolingLayer.GlobalAveragePooling1d(), "words", "both"),
            node("", new Layer.Conv1d(8, 3, 1, Padding.VALID, Activation.LINEAR, true), "words"),
            node("", new Layer.Conv1d(8, 3, 2, Padding.SAME, Activation.RELU, false)),
            node("max", new PoolingLayer.GlobalMaxPooling1d()),
            node("", new MergeLayer.Concatenate(), "mean", "max"),
            node("", new Layer.Reshape(List.of(2, 2, 6))),
            node("", new PoolingLayer.UpSampling2d(2)),
            node("", new PoolingLayer.UpSampling2d(3)),
            node("", new PoolingLayer.AveragePooling2d(2, 2, Padding.VALID)),
            node("", new PoolingLayer.AveragePooling2d(3, 1, Padding.SAME)),
            node("", new PoolingLayer.GlobalAveragePooling2d()),
            node("", new Layer.Dense(1, Activation.LINEAR, true)));
  }

  @Test
  void recurrentLayersReadInOneDirectionOrBoth() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                """
                data.inputs.x { columns = null, column = w, type = int32 }
                model.layers = [
                  { embedding { input-size = 100, output-dim = 16, name = words } }
                  { not-equal { name = mask, inputs = [x] } }
                  { lstm { units = 8, return-sequences = true, inputs = [words, mask] } }
                  { bidirectional { layer = gru, units = 4, return-sequences = true, merge = ave } }
                  { gru { units = 3, return-sequences = true, go-backwards = true } }
                  { bidirectional { layer = lstm, units = 2, return-sequences = true } }
                  { lstm { units = 5 } }
                  { dense { units = 1 } }
                ]""")
            .load();

    assertThat(job.layers().subList(2, 7))
        .containsExactly(
            node("", new RecurrentLayer.OneWay(LSTM, 8, true, false), "words", "mask"),
            node("", new RecurrentLayer.Bidirectional(GRU, 4, true, RecurrentLayer.Merge.AVE)),
            node("", new RecurrentLayer.OneWay(GRU, 3, true, true)),
            node("", new RecurrentLayer.Bidirectional(LSTM, 2, true, RecurrentLayer.Merge.CONCAT)),
            node("", new RecurrentLayer.OneWay(LSTM, 5, false, false)));
  }

  @Test
  void everySettingReachesItsPlace() {
    JobConfiguration job = JobFile.of(directory, SAMPLE).load();

    assertThat(job.name()).isEqualTo("fashion-mnist");
    assertThat(job.data().train()).isEqualTo("data/train.parquet");
    assertThat(job.data().validation()).isEmpty();
    assertThat(job.data().validationFraction()).isEqualTo(OptionalDouble.of(0.1));
    assertThat(job.data().format()).contains("delta");
    assertThat(job.dataSpec())
        .isEqualTo(
            new DataSpec(
                List.of(InputSpec.image("image", "image", List.of(28, 28, 1))),
                LabelSpec.of("label", 10),
                "w"));
    assertThat(job.layers())
        .extracting(Node::layer)
        .containsExactly(
            new Layer.Rescaling(0.5, -1),
            new Layer.Conv2d(32, 3, 2, Padding.SAME, Activation.LEAKY_RELU, false),
            new PoolingLayer.MaxPooling2d(3, 1, Padding.SAME),
            new Layer.ActivationLayer(Activation.TANH),
            new Layer.Flatten(),
            new Layer.Dropout(0.25),
            new Layer.Dense(10, Activation.RELU6, false));
    assertThat(job.training().precision()).isEqualTo(PrecisionChoice.MIXED_BFLOAT16);
    assertThat(job.objectives()).isEqualTo(Objective.of(new Loss.Softmax(10)));
    assertThat(job.optimizer()).isEqualTo(new Optimizer.Adam(0.01, 0.8, 0.99, 0.001));
    assertThat(job.trainingOptions())
        .isEqualTo(
            new TrainingOptions(
                11,
                9,
                32,
                Averaging.plain(4, 10),
                new EarlyStopping("loss", 2),
                new ShardStorage("/shards", 5 << 20),
                new Schedule.Constant(),
                Optional.empty(),
                PrecisionChoice.MIXED_BFLOAT16,
                List.of("dense_6"),
                new ComputeOptions(Precision.FLOAT32, true, true, false, 0.5, PageLocking.TRUE)));
    assertThat(job.cluster())
        .isEqualTo(new ClusterSection(Duration.ofSeconds(40), Duration.ofMinutes(3)));
    assertThat(job.output()).isEqualTo(new OutputSection("models/m", false, true));
  }

  @Test
  void whatIsNotSetIsAbsentFromTheOptionsAndTheDataSpec() {
    JobConfiguration job = JobFile.minimalAnd(directory).load();

    assertThat(job.dataSpec().weight()).isEmpty();
    assertThat(job.trainingOptions())
        .isEqualTo(
            new TrainingOptions(
                    7, 5, 64, Averaging.AUTO, 50, null, new ShardStorage(null, 20L << 30))
                .computing(PrecisionChoice.AUTO, List.of(), ComputeOptions.DEFAULT));
  }

  @Test
  void sgdHasDefaultsOfItsOwn() {
    assertThat(JobFile.minimalAnd(directory, "training.optimizer.sgd {}").load().optimizer())
        .isEqualTo(new Optimizer.Sgd(1e-2, 0));
    assertThat(
            JobFile.minimalAnd(
                    directory, "training.optimizer.sgd { learning-rate = 0.5, momentum = 0.9 }")
                .load()
                .optimizer())
        .isEqualTo(new Optimizer.Sgd(0.5, 0.9));
  }

  @ParameterizedTest
  @CsvSource({
    "numbers,",
    "float32, FLOAT32",
    "float64, FLOAT64",
    "int32, INT32",
    "int64, INT64",
    "uint8, UINT8",
    "boolean, BOOL"
  })
  void eachTypeOfNumbersHasItsElementType(String type, ElementType element) {
    assertThat(kind("type = %s, shape = [2, 1, 1]".formatted(type)))
        .isEqualTo(InputKind.Numbers.plain(element, List.of(2, 1, 1)));
  }

  @Test
  void numbersArePreparedAsTheirColumnSaysElseAsTheInputDoes() {
    InputKind kind =
        kind(
            "missing = fill, fill = median, clip = [0, 9.5], normalize = robust",
            "by-column { b { missing = mask, fill = 3, log = true, normalize = min-max } }");

    NumberOptions all =
        new NumberOptions(Missing.FILL, Filling.MEDIAN, 0, 0, 9.5, false, Normalization.ROBUST);
    NumberOptions b =
        new NumberOptions(Missing.MASK, Filling.CONSTANT, 3, 0, 9.5, true, Normalization.MIN_MAX);
    assertThat(kind).isEqualTo(new InputKind.Numbers(null, List.of(), all, Map.of("b", b)));
  }

  @Test
  void imagesAreRawUnlessEncoded() {
    assertThat(kind("type = image, shape = [4, 5, 3]"))
        .isEqualTo(new InputKind.Image(List.of(4, 5, 3), ImageEncoding.RAW, Missing.FAIL));
    assertThat(kind("type = image, shape = [4, 5, 3], encoding = encoded, missing = drop-row"))
        .isEqualTo(new InputKind.Image(List.of(4, 5, 3), ImageEncoding.ENCODED, Missing.DROP_ROW));
  }

  @Test
  void sequencesCategoriesAndTextHaveTheirDefaults() {
    assertThat(kind("type = sequence, length = 7"))
        .isEqualTo(new InputKind.Sequence(ElementType.FLOAT32, 7, 1, 0, Missing.FAIL));
    assertThat(kind("type = sequence, length = 7, width = 2, padding = -1, element-type = int64"))
        .isEqualTo(new InputKind.Sequence(ElementType.INT64, 7, 2, -1, Missing.FAIL));
    assertThat(kind("type = categories"))
        .isEqualTo(new InputKind.Categories(1000, 1, 0, false, Missing.FAIL));
    assertThat(kind("type = categories, max-size = 9, min-count = 2, one-hot = true"))
        .isEqualTo(new InputKind.Categories(9, 2, 0, true, Missing.FAIL));
    assertThat(kind("type = text, length = 8"))
        .isEqualTo(new InputKind.Text(8, 20_000, 1, 0, true, Missing.FAIL));
    assertThat(kind("type = text, length = 8, hash-buckets = 64, lower-case = false"))
        .isEqualTo(new InputKind.Text(8, 20_000, 1, 64, false, Missing.FAIL));
  }

  @Test
  void aLabelMayBeAnInputWeightItsClassesAndHaveAShape() {
    assertThat(
            JobFile.minimalAnd(
                    directory,
                    "data.label { column = null, input = x }",
                    "model.layers = [{ dense { units = 2 } }]")
                .load()
                .data()
                .labels())
        .containsExactly(LabelSpec.reconstruction("x"));
    JobConfiguration weighted =
        JobFile.minimalAnd(
                directory,
                "data.label { classes = 2, class-weights = [1, 2.5] }",
                "model.layers = [{ dense { units = 2 } }]")
            .load();
    assertThat(weighted.objectives())
        .containsExactly(new Objective("label", new Loss.Softmax(2), "", 1, List.of(1.0, 2.5)));
    assertThat(
            JobFile.minimalAnd(directory, "data.label { classes = 2, class-weights = balanced }")
                .load()
                .objectives())
        .containsExactly(new Objective("label", new Loss.Sigmoid(), "", 1, List.of(), true));
  }

  @Test
  void severalLabelsHaveNamesOutputsAndLosses() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "data.label = null",
                "data.labels {",
                "  price { column = p, output = price_out, loss-weight = 0.5 }",
                "  sold { column = s, classes = 2, output = sold_out }",
                "}",
                "model.layers = [",
                "  { dense { units = 4, name = trunk } }",
                "  { dense { units = 1, name = price_out, inputs = trunk } }",
                "  { dense { units = 1, name = sold_out, inputs = trunk } }",
                "]",
                "training.early-stopping {}")
            .load();

    assertThat(job.data().labels())
        .containsExactly(
            new LabelSpec("price", "p", "", 0, List.of()),
            new LabelSpec("sold", "s", "", 2, List.of()));
    assertThat(job.objectives())
        .containsExactly(
            new Objective("price", new Loss.SquaredError(), "price_out", 0.5, List.of()),
            new Objective("sold", new Loss.Sigmoid(), "sold_out", 1, List.of()));
    assertThat(job.training().earlyStopping()).contains(new EarlyStopping("loss", 3));
  }

  private InputKind kind(String... settings) {
    String input = "data.inputs.x { %s }".formatted(String.join("\n", settings));
    Problems problems = new Problems();
    ConfigObject values =
        Sources.read(JobFile.minimalAnd(directory, input).path(), List.of(), problems);
    DataSection data = DataSection.read(Settings.root(values, problems).section("data"), List.of());
    problems.throwIfAny();
    return data.inputs().get(0).kind();
  }

  @ParameterizedTest
  @CsvSource({
    "linear, LINEAR",
    "relu, RELU",
    "relu6, RELU6",
    "leaky-relu, LEAKY_RELU",
    "elu, ELU",
    "selu, SELU",
    "gelu, GELU",
    "sigmoid, SIGMOID",
    "softplus, SOFTPLUS",
    "softmax, SOFTMAX",
    "swish, SWISH",
    "tanh, TANH"
  })
  void eachActivationHasItsWord(String word, Activation activation) {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "model.layers = [{ dense { units = 1, activation = %s } }]".formatted(word))
            .load();

    assertThat(job.layers())
        .extracting(Node::layer)
        .containsExactly(new Layer.Dense(1, activation, true));
  }

  @Test
  void columnsAreOneNameOrAListOrAPattern() {
    assertThat(columns("columns = [b, a]")).containsExactly("b", "a");
    assertThat(columns("columns = \"f*\"")).containsExactly("f*");
    assertThat(columns("columns = null, column = a")).containsExactly("a");
  }

  @Test
  void theLossFollowsFromTheLabelAndTheLastLayer() {
    assertThat(loss("data.label.classes = null", 1)).isEqualTo(new Loss.SquaredError());
    assertThat(loss("data.label.classes = 0", 1)).isEqualTo(new Loss.SquaredError());
    assertThat(loss("data.label.classes = 2", 1)).isEqualTo(new Loss.Sigmoid());
    assertThat(loss("data.label.classes = 2", 2)).isEqualTo(new Loss.Softmax(2));
    assertThat(loss("data.label.classes = 3", 3)).isEqualTo(new Loss.Softmax(3));
  }

  @Test
  void oneFilterIsOneUnitForEachPixel() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "data.label.classes = 2, data.inputs.x { columns = null, column = i }",
                "model.layers = [{ conv2d { filters = 1, kernel-size = 1 } }]")
            .load();
    assertThat(job.objectives()).isEqualTo(Objective.of(new Loss.Sigmoid()));
  }

  @Test
  void aLossThatIsNamedIsTheOneTaken() {
    assertThat(loss("data.label.classes = 2, training.loss = sigmoid", 1))
        .isEqualTo(new Loss.Sigmoid());
    assertThat(loss("training.loss = squared-error", 1)).isEqualTo(new Loss.SquaredError());
    assertThat(loss("data.label.classes = 2, training.loss = softmax", 2))
        .isEqualTo(new Loss.Softmax(2));
  }

  @ParameterizedTest
  @MethodSource
  void eachLossHasItsWordAndDefaults(String word, int classes, int units, Loss loss) {
    assertThat(loss("data.label.classes = %d, training.loss = %s".formatted(classes, word), units))
        .isEqualTo(loss);
    assertThat(loss("data.label.classes = %d, training.loss.%s {}".formatted(classes, word), units))
        .isEqualTo(loss);
  }

  static Stream<Arguments> eachLossHasItsWordAndDefaults() {
    return Stream.of(
        arguments("softmax", 3, 3, new Loss.Softmax(3)),
        arguments("sigmoid", 2, 1, new Loss.Sigmoid()),
        arguments("focal", 2, 1, new ClassLoss.Focal(2, 2, 0.25)),
        arguments("hinge", 3, 3, new ClassLoss.Hinge(3)),
        arguments("dice", 2, 2, new ClassLoss.Dice(2, false)),
        arguments("dice-cross-entropy", 3, 3, new ClassLoss.Dice(3, true)),
        arguments("squared-error", 0, 1, new Loss.SquaredError()),
        arguments("absolute-error", 0, 1, new MeasuredLoss.AbsoluteError()),
        arguments("huber", 0, 1, new MeasuredLoss.Huber(1)),
        arguments("log-cosh", 0, 1, new MeasuredLoss.LogCosh()),
        arguments("poisson", 0, 1, new MeasuredLoss.Poisson()),
        arguments("bpr", 0, 5, new RankingLoss.Bpr()));
  }

  @Test
  void optionsOfALossAreBelowItsWord() {
    String two = "data.label.classes = 2, training.loss ";
    assertThat(loss(two + "{ softmax { label-smoothing = 0.1 } }", 2))
        .isEqualTo(new Loss.Softmax(2, 0.1));
    assertThat(loss(two + "{ sigmoid { label-smoothing = 0.1, positive-weight = 5 } }", 1))
        .isEqualTo(new Loss.Sigmoid(0.1, 5));
    assertThat(loss(two + "{ focal { gamma = 3, alpha = 0.5 } }", 1))
        .isEqualTo(new ClassLoss.Focal(2, 3, 0.5));
    assertThat(loss("training.loss { huber { delta = 2.5 } }", 1))
        .isEqualTo(new MeasuredLoss.Huber(2.5));
  }

  @ParameterizedTest
  @MethodSource
  void lossesOfVectorsTakeThemOneUponAnother(String loss, int vectors, Loss expected) {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "data.label.classes = 2, training.loss { %s }".formatted(loss),
                "model.layers = [",
                "  { dense { units = %d } }".formatted(4 * vectors),
                "  { reshape { shape = [%d, 4] } }".formatted(vectors),
                "]")
            .load();
    assertThat(job.objectives()).isEqualTo(Objective.of(expected));
  }

  static Stream<Arguments> lossesOfVectorsTakeThemOneUponAnother() {
    return Stream.of(
        arguments("contrastive { margin = 2 }", 2, new RankingLoss.Contrastive(2)),
        arguments("contrastive {}", 2, new RankingLoss.Contrastive(1)),
        arguments("triplet { margin = 0.2 }", 3, new RankingLoss.Triplet(0.2)),
        arguments("triplet {}", 3, new RankingLoss.Triplet(1)),
        arguments("in-batch-softmax { temperature = 0.1 }", 2, new RankingLoss.InBatchSoftmax(0.1)),
        arguments("in-batch-softmax {}", 2, new RankingLoss.InBatchSoftmax(1)));
  }

  @Test
  void earlyStoppingWatchesTheFirstMetricOfTheLossForThreeEpochs() {
    String stop = "training.early-stopping {}";

    assertThat(JobFile.minimalAnd(directory, stop).load().training().earlyStopping())
        .contains(new EarlyStopping("mae", 3));
    assertThat(
            JobFile.minimalAnd(directory, stop, "data.label.classes = 2")
                .load()
                .training()
                .earlyStopping())
        .contains(new EarlyStopping("accuracy", 3));
  }

  @ParameterizedTest
  @CsvSource({
    "data/train.parquet, parquet",
    "train.csv, csv",
    "s3a://bucket/train.JSON, json",
    "train.orc/, orc",
    "train.csv.gz, csv",
    "warehouse.sales, parquet",
    "train, parquet"
  })
  void theFormatFollowsFromTheExtension(String path, String format) {
    assertThat(JobFile.minimalAnd(directory).load().data().formatOf(path)).isEqualTo(format);
  }

  @Test
  void aFormatThatIsSetHoldsForEveryPath() {
    assertThat(
            JobFile.minimalAnd(directory, "data.format = iceberg")
                .load()
                .data()
                .formatOf("train.csv"))
        .isEqualTo("iceberg");
  }

  @Test
  void numbersMayComeAsTextSinceEnvironmentVariablesDo() {
    JobConfiguration job =
        JobFile.minimalAnd(directory, "training.epochs = \"12\"", "training.batch-size = 1e3")
            .load();

    assertThat(job.training().epochs()).isEqualTo(12);
    assertThat(job.training().batchSize()).isEqualTo(1000);
  }

  private static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  private List<String> columns(String input) {
    return JobFile.minimalAnd(directory, "data.inputs.x { %s }".formatted(input))
        .load()
        .data()
        .inputs()
        .get(0)
        .columns();
  }

  private Loss loss(String settings, int units) {
    return JobFile.minimalAnd(
            directory, settings, "model.layers = [{ dense { units = %d } }]".formatted(units))
        .load()
        .objectives()
        .get(0)
        .loss();
  }
}
