package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.ImageEncoding;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.ModelInput;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.PoolingLayer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model that takes inputs of all kinds at once, each prepared by the training set. */
class EveryKindTest {
  private static final List<String> COLOURS = List.of("red", "green", "blue");
  private static final StructType SCHEMA =
      new StructType()
          .add("amount", DataTypes.DoubleType)
          .add("count", DataTypes.IntegerType)
          .add("colour", DataTypes.StringType)
          .add("user", DataTypes.LongType)
          .add("comment", DataTypes.StringType)
          .add("history", DataTypes.createArrayType(DataTypes.FloatType))
          .add("photo", DataTypes.BinaryType)
          .add("label", DataTypes.IntegerType);
  private static final DataSpec DATA =
      new DataSpec(
          List.of(
              new InputSpec(
                  "table",
                  List.of("amount", "count"),
                  new InputKind.Numbers(
                      null,
                      List.of(),
                      new NumberOptions(
                          Missing.MASK,
                          Filling.MEDIAN,
                          0,
                          0,
                          Double.POSITIVE_INFINITY,
                          true,
                          Normalization.STANDARD),
                      Map.of())),
              new InputSpec(
                  "colour",
                  List.of("colour"),
                  new InputKind.Categories(10, 1, 0, true, Missing.FAIL)),
              new InputSpec(
                  "user", List.of("user"), new InputKind.Categories(1, 1, 50, false, Missing.FILL)),
              new InputSpec(
                  "comment",
                  List.of("comment"),
                  new InputKind.Text(4, 20, 1, 0, true, Missing.FILL)),
              new InputSpec(
                  "history",
                  List.of("history"),
                  new InputKind.Sequence(ElementType.FLOAT32, 3, 2, 0, Missing.FAIL)),
              new InputSpec(
                  "photo",
                  List.of("photo"),
                  new InputKind.Image(List.of(2, 2, 3), ImageEncoding.ENCODED, Missing.FAIL))),
          new LabelSpec("label", 3),
          null);
  private static final List<Node> LAYERS =
      List.of(
          new Node("user-vector", new IdLayer.Embedding(50, 2), List.of("user")),
          new Node("user-flat", new Layer.Flatten(), List.of("user-vector")),
          new Node("words", new IdLayer.Embedding(22, 3), List.of("comment")),
          new Node("words-there", new IdLayer.NotEqual(0), List.of("comment")),
          new Node(
              "comment-mean",
              new PoolingLayer.GlobalAveragePooling1d(),
              List.of("words", "words-there")),
          new Node(
              "history-mean",
              new PoolingLayer.GlobalAveragePooling1d(),
              List.of("history", "history.mask")),
          new Node("pixels", new Layer.Rescaling(1 / 255.0, 0), List.of("photo")),
          new Node("photo-flat", new Layer.Flatten(), List.of("pixels")),
          new Node(
              "all",
              new MergeLayer.Concatenate(),
              List.of(
                  "table", "colour", "user-flat", "comment-mean", "history-mean", "photo-flat")),
          new Node("logits", new Layer.Dense(3, Activation.LINEAR, true), List.of("all")));

  private static Dataset<Row> training;
  private static Dataset<Row> validation;

  @BeforeAll
  static void makeTables() {
    training = Cluster.local().createDataFrame(rows(300, 1), SCHEMA).coalesce(1);
    validation = Cluster.local().createDataFrame(rows(60, 2), SCHEMA).coalesce(1);
  }

  @Test
  void inputsOfAllKindsAreLearntFrom() {
    TrainingResult result = Table.train(job(0), training, validation);

    assertThat(result.bestEpoch().metrics().get("accuracy")).isEqualTo(1.0);
    assertThat(result.model().inputs().stream().map(ModelInput::name))
        .containsExactly("table", "colour", "user", "comment", "history", "history.mask", "photo");
  }

  @Test
  void ofASplitOnlyTheTrainingRowsDecide() {
    TrainingResult split = Table.train(job(0.2), training, null);
    TrainingResult whole = Table.train(job(0), training, validation);

    assertThat(split.bestEpoch().metrics().get("accuracy")).isEqualTo(1.0);
    assertThat(split.preprocessing().data()).isEqualTo(whole.preprocessing().data());
    assertThat(split.preprocessing().fitting().inputs().get(0))
        .isNotEqualTo(whole.preprocessing().fitting().inputs().get(0));
    assertThat(split.preprocessing().fitting().inputs().get(1))
        .isEqualTo(whole.preprocessing().fitting().inputs().get(1));
  }

  @Test
  void whatABundleHoldsBindsOtherDataToTheSameInputs() {
    TrainingResult result = Table.train(job(0), training, validation);
    Preprocessing kept = Preprocessing.fromJson(result.preprocessing().toJson());

    DataBinding binding = DataBinding.bind(kept.data(), validation.schema()).fitted(kept.fitting());

    assertThat(binding.inputs()).isEqualTo(result.model().inputs());
  }

  private static TrainingJob job(double validationFraction) {
    return new TrainingJob(
        "every-kind",
        DATA,
        LAYERS,
        new Loss.Softmax(3),
        new Optimizer.Sgd(0.5, 0.9),
        Table.options(10, 16, 2, 3),
        validationFraction);
  }

  private static List<Row> rows(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(3);
      Float[] history = new Float[2 * random.nextInt(5)];
      for (int j = 0; j < history.length; j++) {
        history[j] = random.nextFloat();
      }
      rows.add(
          RowFactory.create(
              i % 10 == 0 ? null : (Double) Math.exp(random.nextGaussian()),
              i % 15 == 0 ? null : (Integer) random.nextInt(100),
              COLOURS.get(label),
              random.nextInt(5) == 0 ? null : (Long) random.nextLong(),
              random.nextInt(5) == 0 ? null : "It's " + COLOURS.get(random.nextInt(3)) + ", OK?",
              history,
              photo(random.nextInt()),
              label));
    }
    return rows;
  }

  private static byte[] photo(int colour) {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 1, colour);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
