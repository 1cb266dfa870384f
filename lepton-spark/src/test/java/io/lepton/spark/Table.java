package io.lepton.spark;

import io.lepton.arrow.ElementType;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.Variable;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A small table to regress on, and jobs that do. */
final class Table {
  static final List<InputSpec> INPUTS =
      List.of(InputSpec.numbers("x", List.of("x*"), ElementType.FLOAT32, List.of()));
  static final DataSpec DATA = new DataSpec(INPUTS, LabelSpec.of("y", 0), null);
  static final DataSpec WEIGHTED = new DataSpec(INPUTS, LabelSpec.of("y", 0), "w");

  private static final StructType SCHEMA =
      new StructType()
          .add("x0", DataTypes.FloatType)
          .add("x1", DataTypes.FloatType)
          .add("x2", DataTypes.FloatType)
          .add("y", DataTypes.FloatType)
          .add("w", DataTypes.FloatType);

  private Table() {}

  /** Rows with {@code y = slope·(x0 − 2·x1 + x2/2) + 0.3} and some noise, weights 1 to 3. */
  static List<Row> rows(int count, long seed, double slope) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] x = random.doubles(3, -1, 1).toArray();
      double y = slope * (x[0] - 2 * x[1] + x[2] / 2) + 0.3 + 0.05 * random.nextGaussian();
      rows.add(row(x, y, 1 + random.nextInt(3)));
    }
    return rows;
  }

  static Row row(double[] x, double y, double weight) {
    return RowFactory.create((float) x[0], (float) x[1], (float) x[2], (float) y, (float) weight);
  }

  static Dataset<Row> of(SparkSession spark, List<Row> rows) {
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /** A linear model of the table. */
  static TrainingJob job(DataSpec data, double learningRate, TrainingOptions options) {
    return new TrainingJob(
        "table",
        data,
        Node.chain(new Layer.Dense(1, Activation.LINEAR, true)),
        Objective.of(new Loss.SquaredError()),
        new Optimizer.Sgd(learningRate, 0),
        options,
        0);
  }

  static TrainingOptions options(int epochs, int batchSize, int replicas, int localSteps) {
    return new TrainingOptions(7, epochs, batchSize, replicas, localSteps, null, null);
  }

  /** At a constant rate, of the weights themselves, in float32. */
  static TrainingOptions options(int epochs, int batchSize, Averaging averaging) {
    return new TrainingOptions(
        7,
        epochs,
        batchSize,
        averaging,
        null,
        null,
        new Schedule.Constant(),
        Optional.empty(),
        PrecisionChoice.FLOAT32,
        List.of(),
        ComputeOptions.DEFAULT);
  }

  static TrainingResult train(TrainingJob job, Dataset<Row> training, Dataset<Row> validation) {
    return new Trainer(job, TrainingListener.NONE, new PhaseClock()).train(training, validation);
  }

  /** The model's own weights, kernel and bias, without padding. */
  static float[] weights(TrainingResult result) {
    float[] weights = new float[(int) result.compiled().program().weights()];
    int at = 0;
    for (Variable variable : result.compiled().program().variables()) {
      for (int i = 0; i < variable.size() && variable.trainable(); i++) {
        weights[at++] = result.parameters().get(variable.offset() + i);
      }
    }
    return weights;
  }
}
