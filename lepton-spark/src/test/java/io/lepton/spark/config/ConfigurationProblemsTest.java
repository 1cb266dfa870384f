package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationProblemsTest {
  private static final String KINDS =
      "activation, add, average, average-pooling1d, average-pooling2d, batch-normalization,"
          + " bidirectional, concatenate, conv1d, conv2d, conv2d-transpose, cropping2d, dense, depthwise-conv2d,"
          + " dot, dropout, embedding, flatten, global-average-pooling1d, global-average-pooling2d,"
          + " global-max-pooling1d, global-max-pooling2d, group-normalization, gru,"
          + " layer-normalization, leaky-relu, lstm,"
          + " max-pooling1d, max-pooling2d, maximum, multi-head-attention, multiply, not-equal,"
          + " positional-embedding, prelu, rescaling, reshape, separable-conv2d,"
          + " sinusoidal-positions, subtract, up-sampling2d, zero-padding2d";

  @TempDir Path directory;

  @Test
  void everythingRequiredThatIsMissingIsListedAtOnce() {
    JobFile empty = JobFile.of(directory, "");

    assertThat(empty.problems())
        .containsExactly(
            "name (job.conf: 1): must be set; add name = …",
            "data.label.column (job.conf: 1): must be set, or else data.label.input;"
                + " add one of the two",
            "data.train (job.conf: 1): must be set; add train = …",
            "data.validation (job.conf: 1): must be set, or else data.validation-fraction;"
                + " add one of the two",
            "data.inputs (job.conf: 1): must hold at least one input;"
                + " write inputs.features { columns = [\"a\", \"b\"] }",
            "model.layers (job.conf: 1): must be set, or else model.zoo or model.class"
                + " or model.keras or model.saved-model; add one of them",
            "output.model (job.conf: 1): must be set; add model = …");
  }

  @Test
  void theMessageNumbersTheProblems() {
    JobFile job = JobFile.minimalAnd(directory, "training.epochs = five", "zzz = 1");

    assertThat(job.relative(job.refused().getMessage()))
        .isEqualTo(
            """
            The configuration has 2 problems:
              1. training.epochs = "five" (job.conf: 9): must be a whole number from 1 to 2147483647; give one in this range
              2. zzz = 1 (job.conf: 10): is not a setting; remove it, or use one of name, seed, data, model, training, averaging, session, cluster, shards, checkpoints, evaluation, stream, output""");
  }

  @Test
  void aSingleProblemIsNotCounted() {
    JobFile job = JobFile.minimalAnd(directory, "seed = x");

    assertThat(job.refused()).hasMessageStartingWith("The configuration has a problem:\n  1. seed");
    assertThat(job.refused().problems())
        .containsExactly(
            new Problem(
                "seed",
                "\"x\"",
                job.path() + ": 9",
                "must be a whole number of at most 64 bits",
                "give one such as 7"));
  }

  @Test
  void anUnknownSettingIsRefusedWithTheNearestRealKey() {
    assertThat(problem("training.bach-size = 64"))
        .isEqualTo(
            "training.bach-size = 64 (job.conf: 9): is not a setting;"
                + " did you mean training.batch-size?");
  }

  @Test
  void anUnknownSettingThatLivesElsewhereIsShownItsHome() {
    assertThat(problem("batch-size = 64"))
        .isEqualTo(
            "batch-size = 64 (job.conf: 9): is not a setting; did you mean training.batch-size?");
  }

  @Test
  void anUnknownSettingLikeNoOtherIsShownTheSettingsThere() {
    assertThat(problem("averaging.zzz = 64"))
        .isEqualTo(
            "averaging.zzz = 64 (job.conf: 9): is not a setting;"
                + " remove it, or use one of replicas, local-steps, outer, optimizer-state, codec,"
                + " error-feedback, down-codec, fold-width, fold-threads, learning-rate-scale,"
                + " rollback");
  }

  @Test
  void anUnknownSettingOfALayerIsRefusedToo() {
    assertThat(problem("model.layers = [{ flatten { unit = 1 } }, { dense { units = 1 } }]"))
        .isEqualTo(
            "model.layers[0].flatten.unit = 1 (job.conf: 9): is not a setting;"
                + " remove it, or use one of name, inputs");
    assertThat(problem("model.layers = [{ dense { units = 1, activations = relu } }]"))
        .isEqualTo(
            "model.layers[0].dense.activations = \"relu\" (job.conf: 9): is not a setting;"
                + " did you mean model.layers[0].dense.activation?");
  }

  @Test
  void aKeyThatNeedsQuotesIsShownWithThem() {
    assertThat(problem("data.inputs { x = null, \"a b\" { column = a, typ = int32 } }"))
        .isEqualTo(
            "data.inputs.\"a b\".typ = \"int32\" (job.conf: 9): is not a setting;"
                + " did you mean data.inputs.\"a b\".type?");
  }

  @Test
  void aNumberIsRefusedOutOfItsRange() {
    assertThat(problem("model.layers = [{ conv2d { filters = -3, kernel-size = 3 } }]"))
        .isEqualTo(
            "model.layers[0].conv2d.filters = -3 (job.conf: 9): must be a whole number from 1"
                + " to 2147483647; give one in this range");
    assertThat(problem("training.epochs = 3000000000")).contains("from 1 to 2147483647");
    assertThat(problem("training.epochs = 2.5")).contains("must be a whole number");
    assertThat(problem("training.optimizer.adam.learning-rate = 0"))
        .isEqualTo(
            "training.optimizer.adam.learning-rate = 0 (job.conf: 9): must be a number above 0;"
                + " give one such as 0.001");
    assertThat(problem("training.optimizer.sgd.momentum = 1"))
        .endsWith("must be a number of at least 0 and below 1; give one such as 0.5");
    assertThat(problem("data { validation = null, validation-fraction = 1 }"))
        .endsWith("must be a number above 0 and below 1; give one such as 0.1");
    assertThat(problem("model.layers = [{ rescaling { scale = 1e999 } }]"))
        .endsWith("(job.conf: 9): must be a number; give one such as 0.5");
  }

  @Test
  void aValueOfTheWrongTypeIsRefused() {
    assertThat(problem("output.overwrite = maybe"))
        .isEqualTo(
            "output.overwrite = \"maybe\" (job.conf: 9): must be true or false;"
                + " give one of the two");
    assertThat(problem("name = [a]"))
        .isEqualTo(
            "name = [\"a\"] (job.conf: 9): must be text that is not empty; give it in quotes");
    assertThat(problem("name = \"\"")).startsWith("name = \"\" (job.conf: 9): must be text");
    assertThat(problem("seed = { a = 1 }")).startsWith("seed = {…} (job.conf: 9): must be");
    assertThat(problem("averaging = 2"))
        .isEqualTo("averaging = 2 (job.conf: 9): must be an object; write averaging { … }");
    assertThat(problem("model.layers = dense"))
        .startsWith("model.layers = \"dense\" (job.conf: 9): must be a list of objects");
    assertThat(problem("model.layers = [flatten]"))
        .isEqualTo(
            "model.layers[0] = \"flatten\" (job.conf: 9): must be an object;"
                + " write it in braces: { … }");
  }

  @Test
  void aListIsRefusedWithARuleForItsElements() {
    assertThat(problem("data.inputs.x.shape = [28, -1]"))
        .isEqualTo(
            "data.inputs.x.shape = [28, -1] (job.conf: 9): must be a list, not empty, and each"
                + " element must be a whole number from 1 to 2147483647;"
                + " give one or more such elements in brackets");
    assertThat(problem("data.inputs.x.columns = []"))
        .startsWith("data.inputs.x.columns = [] (job.conf: 9): must be a list, not empty");
  }

  @Test
  void aWordIsRefusedWithTheNearestRealOne() {
    assertThat(problem("training.precision = float23"))
        .isEqualTo(
            "training.precision = \"float23\" (job.conf: 9): must be one of auto, float32,"
                + " mixed-bfloat16, mixed-float16;"
                + " did you mean float32?");
    assertThat(problem("data.label { class-weights = balanced }"))
        .endsWith("needs one class an example; set classes without a shape, or leave it out");
    assertThat(problem("data.label { classes = 2, class-weights = balanced }, training.loss = bpr"))
        .endsWith("needs a loss of classes; choose one, or leave it out");
    assertThat(problem("training.loss = squared"))
        .contains("must be one of auto, softmax, sigmoid, focal, hinge, dice,")
        .endsWith("bpr, in-batch-softmax; did you mean squared-error?");
    assertThat(problem("training.loss { huber { gamma = 3 } }"))
        .startsWith("training.loss.huber.gamma = 3 (job.conf: 9): is not a setting;");
    assertThat(problem("training.loss { hubert {} }"))
        .startsWith("training.loss.hubert = {…} (job.conf: 9): is not one of softmax,")
        .endsWith("did you mean huber?");
    assertThat(problem("training.float32-layers = dense_0"))
        .isEqualTo(
            "training.float32-layers = \"dense_0\" (job.conf: 9): must not be set unless"
                + " training.precision is mixed-bfloat16 or mixed-float16;"
                + " set one of these, or leave it out");
    assertThat(problem("training.early-stopping.metric = msee"))
        .endsWith(
            "metric = \"msee\" (job.conf: 9): must be one of mae, mse, rmse, r2, loss; did"
                + " you mean mse?");
    assertThat(problem("data.label.classes = 2, training.early-stopping.metric = acuracy"))
        .endsWith(
            "must be one of accuracy, auc, average-precision, precision, recall, f1, iou, loss; did"
                + " you mean accuracy?");
  }

  @Test
  void aKindOfLayerIsRefusedWithTheNearestRealOne() {
    assertThat(problem("model.layers = [{ max-pooling { pool-size = 2 } }]"))
        .isEqualTo(
            "model.layers[0].max-pooling = {…} (job.conf: 9): is not one of "
                + KINDS
                + "; did you mean max-pooling1d?");
  }

  @Test
  void aLayerHasOneKind() {
    assertThat(problem("model.layers = [{}]"))
        .isEqualTo(
            "model.layers[0] (job.conf: 9): must hold one of "
                + KINDS
                + "; write { activation {} }");
    assertThat(problem("model.layers = [{ dense { units = 1 }, flatten {} }]"))
        .isEqualTo(
            "model.layers[0].dense = {…} (job.conf: 9): contradicts model.layers[0].flatten = {…}"
                + " (job.conf: 9); keep one of the two");
  }

  @Test
  void aNameOfALayerIsOneThatVariablesCanHave() {
    assertThat(problem("model.layers = [{ dense { units = 1, name = \"a/b\" } }]"))
        .isEqualTo(
            "model.layers[0].dense.name = \"a/b\" (job.conf: 9): must be letters, digits and"
                + " _ . - and start with a letter or digit; give a value that keeps this rule");
  }

  @Test
  void aSecondOptimizerContradictsTheFirst() {
    JobFile job = JobFile.minimalAnd(directory, "training.optimizer.adam {}");

    assertThat(job.problems("training.optimizer.sgd.momentum=0.9"))
        .containsExactly(
            "training.optimizer.adam = {…} (job.conf: 9): contradicts training.optimizer.sgd = {…}"
                + " (--set); keep one of the two");
    assertThat(problem("training.optimizer.adamax {}"))
        .endsWith(
            "is not one of adafactor, adagrad, adam, adamw, lamb, lion, nesterov, rmsprop, sgd;"
                + " did you mean adam?");
  }

  @Test
  void validationIsAPathOrAFraction() {
    assertThat(problem("data.validation-fraction = 0.1"))
        .isEqualTo(
            "data.validation = \"test.parquet\" (job.conf: 3): contradicts data.validation-fraction"
                + " = 0.1 (job.conf: 9); keep one of the two");
    assertThat(problem("data.validation = null"))
        .endsWith("must be set, or else data.validation-fraction; add one of the two");
  }

  @Test
  void anInputHasAColumnOrColumns() {
    assertThat(problem("data.inputs.x.column = a"))
        .isEqualTo(
            "data.inputs.x.column = \"a\" (job.conf: 9): contradicts data.inputs.x.columns ="
                + " [\"a\", \"b\"] (job.conf: 4); keep one of the two");
    assertThat(problem("data.inputs.x.columns = null"))
        .startsWith("data.inputs.x.column (")
        .endsWith("must be set, or else data.inputs.x.columns; add one of the two");
  }

  @Test
  void aLayerOfAModelWithSeveralInputsNamesThem() {
    assertThat(problem("data.inputs.w { column = c }"))
        .isEqualTo(
            "model.layers[0] = {…} (job.conf: 6): must name its inputs, as the model has several:"
                + " w, x; write inputs = [w]");
  }

  @Test
  void anImageHasThreeDimensions() {
    assertThat(problem("data.inputs.x.type = image"))
        .startsWith("data.inputs.x.shape (")
        .endsWith("must be set; add shape = …");
    assertThat(problem("data.inputs.x { type = image, shape = [28, 28] }"))
        .isEqualTo(
            "data.inputs.x.shape = [28, 28] (job.conf: 9): must have the 3 dimensions [height,"
                + " width, channels] as type = image; write for example shape = [28, 28, 1]");
  }

  @Test
  void optionsOfNumbersThatCannotBeAreTold() {
    assertThat(problem("data.inputs.x.fill = mode"))
        .isEqualTo(
            "data.inputs.x.fill = \"mode\" (job.conf: 9): must be one of mean, median, or must be"
                + " a number; choose one, or give one such as 0.5");
    assertThat(problem("data.inputs.x.clip = [2, 1]"))
        .isEqualTo(
            "data.inputs.x.clip = [2, 1] (job.conf: 9): must be a lower and a higher number; write"
                + " clip = [0, 100]");
    assertThat(problem("data.inputs.x.by-column.a.normalise = robust"))
        .contains("is not a setting; did you mean data.inputs.x.by-column.a.normalize?");
    assertThat(problem("shards.max-size = lots"))
        .contains("must be a size; give one such as 20 GiB");
  }

  @Test
  void aRefusalByARecordIsAProblemOfTheSettingItNames() {
    assertThat(problem("data.label.classes = 1"))
        .isEqualTo(
            "data.label.classes = 1 (job.conf: 9): must be 0 (a number to regress) or at least 2;"
                + " give a value that keeps this rule");
  }

  @Test
  void aLossThatTheLabelContradictsNamesBothSettings() {
    assertThat(problem("training.loss = softmax"))
        .isEqualTo(
            "training.loss = \"softmax\" (job.conf: 9): needs data.label.classes, which is not set;"
                + " set it");
    assertThat(problem("training.loss = sigmoid"))
        .endsWith("needs data.label.classes = 2, which is not set; change one of the two");
    assertThat(problem("training.loss = sigmoid, data.label.classes = 3"))
        .endsWith("needs data.label.classes = 2, but that is 3; change one of the two");
    assertThat(problem("training.loss = squared-error, data.label.classes = 3"))
        .endsWith("takes a number to regress, but data.label.classes = 3; drop one of the two");
  }

  @Test
  void aSecretIsMaskedInMessages() {
    for (String key :
        new String[] {"password", "client-secret", "api-token", "credentials", "fs-access-key"}) {
      assertThat(problem(key + " = hunter2"))
          .startsWith(key + " = ****** (job.conf: 9): is not a setting");
    }
    assertThat(problem("store { password = hunter2 }")).startsWith("store = {…} (job.conf: 9)");
  }

  private String problem(String line) {
    return JobFile.minimalAnd(directory, line).problems().get(0);
  }
}
