package io.lepton.spark.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows that are quickly learnt from, and estimators that do. */
final class QuickFit {
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("a", DataTypes.DoubleType)
          .add("b", DataTypes.DoubleType)
          .add("user", DataTypes.LongType)
          .add("item", DataTypes.StringType)
          .add("weight", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType)
          .add("number", DataTypes.DoubleType)
          .add("label", DataTypes.DoubleType);

  private QuickFit() {}

  static Dataset<Row> rows(SparkSession spark, int count) {
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows.add(
          RowFactory.create(
              (long) i,
              a,
              b,
              (long) random.nextInt(10),
              Integer.toString(random.nextInt(12)),
              1.0 + random.nextInt(3),
              i % 4 == 0,
              a - 2 * b,
              a - b > 0 ? 1.0 : 0.0));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /** Has an estimator train for four epochs of small batches, and score the same bits always. */
  static <E extends TrainingEstimator<E>> E quick(E estimator) {
    return estimator
        .setDeterministicScoring(true)
        .setPrecision("float32")
        .setEpochs(4)
        .setBatchSize(16)
        .setReplicas(1)
        .setLearningRate(0.02)
        .setSeed(5);
  }
}
