package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.RankingLoss;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.AutoEncoder;
import io.lepton.tf.zoo.BiLstm;
import io.lepton.tf.zoo.DeepFm;
import io.lepton.tf.zoo.Feature;
import io.lepton.tf.zoo.Mlp;
import io.lepton.tf.zoo.NeuMf;
import io.lepton.tf.zoo.Resnet;
import io.lepton.tf.zoo.SimpleCnn;
import io.lepton.tf.zoo.TextCnn;
import io.lepton.tf.zoo.TransformerEncoder;
import io.lepton.tf.zoo.TwoTower;
import io.lepton.tf.zoo.UNet;
import io.lepton.tf.zoo.WideAndDeep;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooSectionTest {
  private static final String IMAGE =
      "data.inputs { x = null, i { column = i, type = image, shape = [16, 16, 1] } }";
  private static final String TEXT =
      "data.inputs { x = null, t { column = t, type = text, length = 20, max-size = 50 } }";
  private static final String USERS =
      "data.inputs { x = null, user { column = u, type = categories, max-size = 30 }"
          + ", item { column = i, type = categories, hash-buckets = 40 } }";

  private static final Feature TABLE = Feature.numbers("x", 2);
  private static final Feature PICTURE = Feature.image("i", 16, 16, 1);
  private static final Feature WORDS = Feature.words("t", 52, 20);
  private static final List<Feature> PAIR =
      List.of(Feature.ids("item", 40, 1), Feature.ids("user", 31, 1));

  @TempDir Path directory;

  @Test
  void modelsHaveTheDefaultsThatTheDocumentationSays() {
    assertMade(new Mlp(List.of(128, 64), 16, Activation.RELU, 0), "mlp", "", TABLE);
    assertMade(new SimpleCnn(32, 0), "simple-cnn", IMAGE, PICTURE);
    assertMade(new Resnet(16, 2, 0), "resnet", IMAGE, PICTURE);
    assertMade(new TextCnn(64, 64, List.of(3, 4, 5), 0.5), "text-cnn", TEXT, WORDS);
    assertMade(new BiLstm(64, 64, 0.3), "bi-lstm", TEXT, WORDS);
    assertMade(new TransformerEncoder(64, 4, 2, 128, 0.1), "transformer-encoder", TEXT, WORDS);
    assertMade(
        new TwoTower(List.of("user"), 32, List.of(64), 32),
        "two-tower",
        USERS,
        PAIR.toArray(Feature[]::new));
    assertMade(new NeuMf(16, List.of(32, 16), 0), "neumf", USERS, PAIR.toArray(Feature[]::new));
    assertMade(new WideAndDeep(16, List.of(128, 64), 0), "wide-and-deep", "", TABLE);
    assertMade(new DeepFm(16, List.of(128, 64), 0), "deepfm", "", TABLE);
    assertMade(new AutoEncoder(List.of(64), 8, 0), "auto-encoder", "", TABLE);
    List<Node> pixels =
        load(IMAGE, "data.label { classes = 3, shape = [16, 16] }", "model.zoo = u-net").layers();
    assertThat(pixels).isEqualTo(new UNet(16, 3, 0).layers(List.of(PICTURE), List.of(16, 16, 3)));
  }

  @Test
  void modelsTakeTheirOptions() {
    assertMade(
        new Mlp(List.of(8), 4, Activation.TANH, 0.1),
        "mlp { hidden = 8, embedding = 4, activation = tanh, dropout = 0.1 }",
        "",
        TABLE);
    assertMade(new SimpleCnn(4, 0.2), "simple-cnn { filters = 4, dropout = 0.2 }", IMAGE, PICTURE);
    assertMade(
        new Resnet(4, 1, 0.2), "resnet { filters = 4, blocks = 1, dropout = 0.2 }", IMAGE, PICTURE);
    assertMade(
        new TextCnn(4, 5, List.of(2, 6), 0.2),
        "text-cnn { embedding = 4, filters = 5, lengths = [2, 6], dropout = 0.2 }",
        TEXT,
        WORDS);
    assertMade(
        new BiLstm(4, 5, 0.2), "bi-lstm { embedding = 4, units = 5, dropout = 0.2 }", TEXT, WORDS);
    assertMade(
        new TransformerEncoder(6, 3, 1, 7, 0.2),
        "transformer-encoder { width = 6, heads = 3, blocks = 1, feed-forward = 7, dropout = 0.2 }",
        TEXT,
        WORDS);
    assertMade(
        new TwoTower(List.of("item"), 4, List.of(5, 6), 7),
        "two-tower { user = item, embedding = 4, hidden = [5, 6], width = 7 }",
        USERS,
        PAIR.toArray(Feature[]::new));
    assertMade(
        new NeuMf(4, List.of(5), 0.2),
        "neumf { embedding = 4, hidden = [5], dropout = 0.2 }",
        USERS,
        PAIR.toArray(Feature[]::new));
    assertMade(
        new WideAndDeep(4, List.of(5), 0.2),
        "wide-and-deep { embedding = 4, hidden = [5], dropout = 0.2 }",
        "",
        TABLE);
    assertMade(
        new DeepFm(4, List.of(5), 0.2),
        "deepfm { embedding = 4, hidden = [5], dropout = 0.2 }",
        "",
        TABLE);
    assertMade(
        new AutoEncoder(List.of(5, 4), 3, 2),
        "auto-encoder { hidden = [5, 4], code = 3, features = 2 }",
        "",
        TABLE);
    List<Node> pixels =
        load(
                IMAGE,
                "data.label { classes = 2, shape = [16, 16] }",
                "model.zoo.u-net { filters = 4, depth = 2, dropout = 0.2 }")
            .layers();
    assertThat(pixels).isEqualTo(new UNet(4, 2, 0.2).layers(List.of(PICTURE), List.of(16, 16, 1)));
  }

  @Test
  void theLabelAndItsLossDecideHowManyNumbersComeOut() {
    assertThat(output("data.label.classes = 10")).isEqualTo(mlp(10));
    assertThat(output("data.label.classes = 2")).isEqualTo(mlp(1));
    assertThat(load("data.label.classes = 2", "model.zoo = wide-and-deep").objectives())
        .allMatch(it -> it.loss() instanceof Loss.Sigmoid);
    assertThat(output("data.label.classes = 2", "training.loss = softmax")).isEqualTo(mlp(2));
    assertThat(output("data.label.shape = [3]")).isEqualTo(mlp(3));
    assertThat(output("data.label.shape = [2, 3]")).isEqualTo(mlp(2, 3));
    assertThat(output("data.label { column = null, input = x }")).isEqualTo(mlp(2));
  }

  @Test
  void vectorsOfUsersAndItemsComeOutWhereTheLossComparesThem() {
    JobConfiguration job =
        load(
            USERS,
            "data.label { column = null, input = item }",
            "training.loss = in-batch-softmax",
            "model.zoo = two-tower");

    assertThat(job.layers()).isEqualTo(TwoTower.DEFAULT.layers(PAIR, List.of(2, Loss.ANY)));
    assertThat(job.objectives()).allMatch(it -> it.loss() instanceof RankingLoss.InBatchSoftmax);
  }

  @Test
  void inputsAreWhatTheirTypesSay() {
    List<Node> layers =
        load(
                "data.inputs {",
                "  a { columns = [s, t], type = categories }",
                "  b { columns = [s, t], type = categories, one-hot = true }",
                "  c { column = c, type = text, length = 9, hash-buckets = 70 }",
                "  d { column = d, type = sequence, length = 5, width = 2 }",
                "}",
                "model.zoo = mlp")
            .layers();

    assertThat(layers)
        .isEqualTo(
            Mlp.DEFAULT.layers(
                List.of(
                    Feature.ids("a", 1001, 2),
                    Feature.numbers("b"),
                    Feature.words("c", 72, 9),
                    Feature.sequence("d", 5, 2),
                    TABLE),
                List.of(1)));
  }

  @Test
  void aMisspeltNameOrOptionIsAnsweredWithTheNearest() {
    assertThat(problem("model.zoo = resnett"))
        .startsWith("model.zoo = \"resnett\" (job.conf: 9): must be one of auto-encoder, bi-lstm,")
        .endsWith("; did you mean resnet?");
    assertThat(problem("model.zoo.wide-and-deeep {}")).endsWith("did you mean wide-and-deep?");
    assertThat(problem("model.zoo.mlp { hiden = [3] }"))
        .endsWith("is not a setting; did you mean model.zoo.mlp.hidden?");
    assertThat(problem("model.zoo.mlp { hidden = [0] }")).startsWith("model.zoo.mlp.hidden = [0]");
    assertThat(problem(TEXT, "model.zoo.transformer-encoder { heads = 5 }"))
        .startsWith(
            "model.zoo.transformer-encoder.heads = 5 (job.conf: 10): must divide the width");
  }

  @Test
  void inputsThatAModelDoesNotTakeAreRefusedWithWhatTheyAre() {
    assertThat(problem("model.zoo = resnet"))
        .isEqualTo(
            "model.zoo = \"resnet\" (job.conf: 9): resnet takes one image, but the inputs are:"
                + " x (numbers); change them or take another model");
    assertThat(problem(IMAGE, "model.zoo = bi-lstm"))
        .contains("bi-lstm takes one text or one sequence, but the inputs are: i (an image);");
    assertThat(problem(TEXT, "model.zoo.deepfm {}"))
        .startsWith("model.zoo = {…} (job.conf: 10): deepfm takes numbers and categories, but");
    assertThat(problem("model.zoo = two-tower"))
        .contains("takes inputs of the first tower, user = [user], and others");
    assertThat(problem(IMAGE, "model.zoo = u-net")).contains("is to give [1]; give the label");
  }

  @Test
  void aModelHasOneOrigin() {
    assertThat(JobFile.minimalAnd(directory, "model.zoo = mlp").problems())
        .containsExactly(
            "model.layers = [{…}] (job.conf: 6): contradicts model.zoo = \"mlp\" (job.conf: 9);"
                + " keep one of the two");
    assertThat(
            problem(
                "data { label = null, labels { a { column = a }, b { column = b } } }",
                "model.zoo = mlp"))
        .endsWith("learns data.label, but there is data.labels; write model.layers for several");
  }

  @Test
  void anAutoEncoderAsksForWhatOnlyTheDataKnows() {
    String unknown = "data { inputs.x.columns = \"f*\", label { column = null, input = x } }";

    assertThat(problem(unknown, "model.zoo = auto-encoder")).endsWith("; set its option features");
    assertThat(load(unknown, "model.zoo.auto-encoder.features = 9").layers())
        .isEqualTo(AutoEncoder.DEFAULT.layers(List.of(TABLE), List.of(9)));
    assertThat(problem(unknown, "model.zoo = mlp"))
        .contains("mlp gives an output of known size, but here it is to be [any];");
  }

  @Test
  void theEffectiveConfigurationIsWhatWasWrittenAndReadsBack() {
    JobConfiguration brief = load("model.zoo = mlp");
    JobConfiguration full = load("model.zoo.mlp.dropout = 0.5");

    assertThat(file("model.zoo = mlp").relative(brief.effective()))
        .contains("model {\n  zoo = \"mlp\"  # job.conf: 9\n}");
    assertThat(full.effective()).contains("hidden = [128,64]  # default");
    assertThat(JobFile.of(directory, full.effective()).load().layers()).isEqualTo(full.layers());
  }

  private static List<Node> mlp(Integer... output) {
    return Mlp.DEFAULT.layers(List.of(TABLE), List.of(output));
  }

  private List<Node> output(String... lines) {
    String[] more = Arrays.copyOf(lines, lines.length + 1);
    more[lines.length] = "model.zoo = mlp";
    return load(more).layers();
  }

  private void assertMade(Architecture expected, String zoo, String inputs, Feature... features) {
    String setting = zoo.contains("{") ? "model.zoo { %s }" : "model.zoo = %s";
    assertThat(load(inputs, setting.formatted(zoo)).layers())
        .isEqualTo(expected.layers(List.of(features), List.of(1)));
  }

  private JobConfiguration load(String... lines) {
    return file(lines).load();
  }

  private String problem(String... lines) {
    return file(lines).problems().get(0);
  }

  private JobFile file(String... lines) {
    return JobFile.of(
        directory,
        JobFile.MINIMAL.replace("model.layers = [{ dense { units = 1 } }]", "")
            + String.join("\n", lines));
  }
}
