package io.lepton.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Points about the corners of a square, each corner a class. */
class OrderedSourceTest {
  private static final int ROWS = 12_800;
  private static final int PARTITIONS = 16;
  private static final int CLASSES = 4;
  private static final StructType SCHEMA =
      new StructType()
          .add("x0", DataTypes.FloatType)
          .add("x1", DataTypes.FloatType)
          .add("y", DataTypes.IntegerType)
          .add("place", DataTypes.IntegerType);
  private static final TrainingJob JOB =
      new TrainingJob(
          "corners",
          new DataSpec(
              List.of(InputSpec.numbers("x", List.of("x*"), ElementType.FLOAT32, List.of())),
              new LabelSpec("y", CLASSES),
              null),
          Node.chain(new Layer.Dense(CLASSES, Activation.LINEAR, true)),
          new Loss.Softmax(CLASSES),
          new Optimizer.Sgd(0.5, 0),
          new TrainingOptions(7, 1, 20, 2, 20, null, null),
          0);

  @Test
  void aTableSortedByClassTrainsAsWellAsTheSameTableShuffled() {
    SparkSession spark = Cluster.local();
    List<Integer> sorted = IntStream.range(0, ROWS).boxed().toList();
    List<Integer> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(3));

    TrainingResult ordered = train(spark, sorted);
    TrainingResult mixed = train(spark, shuffled);

    assertThat(ordered.compiled().program().slots()).hasSize(8);
    assertThat(accuracy(mixed)).isGreaterThan(0.85);
    assertThat(accuracy(ordered)).isCloseTo(accuracy(mixed), within(0.02));
    assertThat(ordered.examples()).isEqualTo(ROWS);
  }

  private static TrainingResult train(SparkSession spark, List<Integer> places) {
    return Table.train(JOB, table(spark, places, 1), table(spark, places, 2));
  }

  private static double accuracy(TrainingResult result) {
    return result.epochs().get(0).metrics().get("accuracy");
  }

  /** Rows of class 0 first, then brought to their places, one partition after another. */
  private static Dataset<Row> table(SparkSession spark, List<Integer> places, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int kind = i * CLASSES / ROWS;
      float x0 = (float) ((kind & 1) + 0.25 * random.nextGaussian());
      float x1 = (float) ((kind >> 1) + 0.25 * random.nextGaussian());
      rows.add(RowFactory.create(x0, x1, kind, places.get(i)));
    }
    return spark.createDataFrame(rows, SCHEMA).repartitionByRange(PARTITIONS, col("place"));
  }
}
