package io.lepton.spark.ml;

import io.lepton.spark.ModelBundle;
import io.lepton.spark.Objective;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Padding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small data and bundles of models that were trained on it. */
final class Trained {
  static final StructType TABLE =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("a", DataTypes.DoubleType)
          .add("b", DataTypes.FloatType)
          .add("c", DataTypes.IntegerType)
          .add("kind", DataTypes.IntegerType);

  static final StructType IMAGES =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("image", DataTypes.BinaryType)
          .add("kind", DataTypes.IntegerType);

  private static final int SIDE = 12;

  private Trained() {}

  /** Rows of two classes; {@code a} is missing in some, {@code c} in none. */
  static List<Row> tableRows(int count) {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      float b = random.nextFloat();
      int c = random.nextInt(5);
      rows.add(RowFactory.create((long) i, i % 13 == 5 ? null : a, b, c, a + b > 0.5 ? 1 : 0));
    }
    return rows;
  }

  static Dataset<Row> table(SparkSession spark, int count) {
    return spark.createDataFrame(tableRows(count), TABLE).coalesce(1);
  }

  static Dataset<Row> images(SparkSession spark, int count) {
    Random random = new Random(12);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] image = new byte[SIDE * SIDE];
      random.nextBytes(image);
      rows.add(RowFactory.create((long) i, image, i % 3));
    }
    return spark.createDataFrame(rows, IMAGES).coalesce(1);
  }

  /** A binary classifier of one logit. */
  static String tableModel(SparkSession spark, Path directory) throws IOException {
    NumberOptions fill =
        new NumberOptions(
            Missing.FILL,
            Filling.MEAN,
            0,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            false,
            Normalization.STANDARD);
    InputSpec x =
        new InputSpec(
            "x",
            List.of("a", "b", "c"),
            new InputKind.Numbers(null, List.of(), fill, Map.of("c", NumberOptions.PLAIN)));
    return write(
        new TrainingJob(
            "table",
            new DataSpec(List.of(x), LabelSpec.of("kind", 2), null),
            Node.chain(
                new Layer.Dense(16, Activation.RELU, true),
                new Layer.Dense(1, Activation.LINEAR, true)),
            Objective.of(new Loss.Sigmoid(0, 1)),
            new Optimizer.Adam(0.01, 0.9, 0.999, 1e-7),
            options(),
            0.2),
        table(spark, 400),
        directory);
  }

  /** A convolutional classifier of three classes. */
  static String imageModel(SparkSession spark, Path directory) throws IOException {
    return write(
        new TrainingJob(
            "images",
            new DataSpec(
                List.of(InputSpec.image("image", "image", List.of(SIDE, SIDE, 1))),
                LabelSpec.of("kind", 3),
                null),
            Node.chain(
                new Layer.Rescaling(1 / 255.0, 0),
                new Layer.Conv2d(8, 3, 1, Padding.VALID, Activation.RELU, true),
                new Layer.Flatten(),
                new Layer.Dense(33, Activation.RELU, true),
                new Layer.Dense(3, Activation.LINEAR, true)),
            Objective.of(new Loss.Softmax(3)),
            new Optimizer.Adam(0.01, 0.9, 0.999, 1e-7),
            options(),
            0.2),
        images(spark, 200),
        directory);
  }

  private static TrainingOptions options() {
    return new TrainingOptions(7, 2, 32, 1, 10, null, null);
  }

  private static String write(TrainingJob job, Dataset<Row> data, Path directory)
      throws IOException {
    String target = directory.resolve(job.name()).toString();
    ModelBundle.write(
        job,
        new Trainer(job, TrainingListener.NONE, new PhaseClock()).train(data),
        Map.of("seed", 7),
        target,
        true,
        false,
        new Configuration());
    return target;
  }
}
