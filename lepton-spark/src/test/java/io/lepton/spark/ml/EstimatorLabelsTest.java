package io.lepton.spark.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.spark.Cluster;
import io.lepton.spark.config.EvaluationSection;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.evaluation.Bootstrap;
import io.lepton.spark.evaluation.ClassOptions;
import io.lepton.spark.evaluation.EvaluationReport;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.tf.bundle.Scorer;
import io.lepton.tf.bundle.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels beyond one number a row: several of them, vectors of numbers, a class for each pixel. */
class EstimatorLabelsTest {
  private static final EvaluationSection PLAIN =
      new EvaluationSection(
          List.of(),
          Optional.empty(),
          Bootstrap.NONE,
          ClassOptions.DEFAULT,
          List.of(),
          Optional.empty());

  @TempDir private Path directory;

  private SparkSession spark;

  @BeforeEach
  void connect() {
    spark = Cluster.local();
  }

  @Test
  void severalLabelsAreLearntScoredAndEvaluated() throws IOException {
    Dataset<Row> data =
        QuickFit.rows(spark, 600)
            .withColumn("kind", expr("if(a > 0.5, 2, if(b > 0, 1, 0))"))
            .withColumn("price", expr("2 * a - b + 3"));
    LeptonEstimator estimator =
        QuickFit.quick(new LeptonEstimator())
            .setFeaturesCols("a", "b")
            .setEpochs(20)
            .setLayers(
                """
                [
                  { dense { units = 16, activation = relu, name = trunk } }
                  { dense { units = 3, name = kind_out, inputs = trunk } }
                  { dense { units = 1, name = price_out, inputs = trunk } }
                ]
                """)
            .setSettings(
                """
                data.labels {
                  kind { column = kind, classes = 3, output = kind_out }
                  price { column = price, output = price_out, loss-weight = 0.5 }
                }
                """);

    LeptonModel model = estimator.fit(data);
    Dataset<Row> scored = model.transform(data);

    assertThat(scored.columns())
        .endsWith("rawPrediction_kind", "probability_kind", "prediction_kind", "prediction_price");
    assertThat(estimator.transformSchema(data.schema())).isEqualTo(scored.schema());
    List<Row> rows = scored.orderBy("id").collectAsList();
    areThoseWithoutSpark(model, rows);
    Map<String, EvaluationReport> reports =
        evaluated(
            model,
            data,
            new LabelSpec("kind", "kind", "", 3, List.of()),
            new LabelSpec("price", "price", "", 0, List.of()));
    double right =
        rows.stream()
            .filter(
                it -> it.<Double>getAs("prediction_kind").intValue() == it.<Integer>getAs("kind"))
            .count();
    double squares =
        rows.stream()
            .mapToDouble(it -> Math.pow(it.<Double>getAs("prediction_price") - price(it), 2))
            .sum();
    assertThat(reports).containsOnlyKeys("kind", "price");
    assertThat(reports.get("kind").all().value("accuracy"))
        .isCloseTo(right / rows.size(), within(1e-12))
        .isGreaterThan(0.9);
    assertThat(reports.get("price").all().value("rmse"))
        .isCloseTo(Math.sqrt(squares / rows.size()), within(1e-12))
        .isLessThan(0.5);
  }

  private static double price(Row row) {
    return 2 * row.<Double>getAs("a") - row.<Double>getAs("b") + 3;
  }

  private void areThoseWithoutSpark(LeptonModel model, List<Row> rows) throws IOException {
    String saved = directory.resolve("several").toString();
    model.write().save(saved);
    float[][] features = new float[rows.size()][];
    for (int i = 0; i < features.length; i++) {
      double a = rows.get(i).getAs("a");
      double b = rows.get(i).getAs("b");
      features[i] = new float[] {(float) a, (float) b};
    }
    try (Scorer scorer = Scorer.open(Path.of(saved, ModelWriter.BUNDLE))) {
      Scores scores = scorer.score(features);
      int[] kinds = scores.classes("kind");
      for (int i = 0; i < features.length; i++) {
        assertThat((double) rows.get(i).getAs("prediction_kind")).isEqualTo(kinds[i]);
        assertThat((double) rows.get(i).getAs("prediction_price"))
            .isCloseTo(scores.row("price_predictions", i)[0], within(1e-5));
      }
    }
  }

  @Test
  void vectorsAndArraysOfNumbersAreRegressedAsWhatTheyAre() {
    Dataset<Row> arrays =
        QuickFit.rows(spark, 400).withColumn("target", expr("array(a + b, a - b, 2 * a + 1)"));
    Dataset<Row> vectors = arrays.withColumn("target", array_to_vector(arrays.col("target")));
    LeptonRegressor regressor =
        QuickFit.quick(new LeptonRegressor())
            .setFeaturesCols("a", "b")
            .setLabelCol("target")
            .setSettings("data.label.shape = [3]")
            .setLayers("[{ dense { units = 3 } }]")
            .setLearningRate(0.05)
            .setEpochs(20);

    LeptonModel model = regressor.fit(vectors);
    Dataset<Row> scored = model.transform(vectors);

    assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(SQLDataTypes.VectorType());
    assertThat(regressor.transformSchema(vectors.schema())).isEqualTo(scored.schema());
    List<Row> rows = scored.orderBy("id").collectAsList();
    for (Row row : rows) {
      assertThat(((Vector) row.getAs("prediction")).toArray())
          .containsExactly(((Vector) row.getAs("target")).toArray(), within(0.02));
    }
    assertThat(regressor.fit(arrays).transform(vectors).orderBy("id").collectAsList())
        .isEqualTo(rows);
    assertThatThrownBy(() -> evaluated(model, vectors, LabelSpec.dense("target", 0, List.of(3))))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("label 'label' must be numbers, classes or masks");
  }

  @Test
  void manyNumbersWithoutAShapeAreRefused() {
    Dataset<Row> data = QuickFit.rows(spark, 40).withColumn("target", expr("array(a, b)"));

    assertThatThrownBy(
            () -> new LeptonRegressor().setFeaturesCols("a", "b").setLabelCol("target").fit(data))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(
            "column 'target' must be a number, but was: array<double>; say how many it holds");
    assertThatThrownBy(
            () -> new LeptonClassifier().setFeaturesCols("a", "b").setLabelCol("target").fit(data))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column 'target' must be a class number for classes to be counted");
  }

  @Test
  void aClassOfEachPixelIsLearntScoredAndEvaluated() {
    Dataset<Row> data =
        QuickFit.rows(spark, 400)
            .withColumn("mask", expr("array(int(a > 0), int(b > 0), int(a > b), int(a + b > 1))"));
    LeptonClassifier classifier =
        QuickFit.quick(new LeptonClassifier())
            .setFeaturesCols("a", "b")
            .setLabelCol("mask")
            .setClasses(2)
            .setSettings("data.label.shape = [2, 2]")
            .setLayers(
                "[{ dense { units = 32, activation = relu } }, { dense { units = 8 } },"
                    + " { reshape { shape = [2, 2, 2] } }]")
            .setEpochs(15);

    LeptonModel model = classifier.fit(data);
    Dataset<Row> scored = model.transform(data);

    assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(SQLDataTypes.VectorType());
    assertThat(classifier.transformSchema(data.schema())).isEqualTo(scored.schema());
    double right =
        scored.collectAsList().stream()
            .mapToLong(
                row -> {
                  double[] given = ((Vector) row.getAs("prediction")).toArray();
                  List<Integer> mask = row.getList(row.fieldIndex("mask"));
                  return IntStream.range(0, 4).filter(i -> mask.get(i) == given[i]).count();
                })
            .sum();
    Dataset<Row> inVectors = data.withColumn("mask", expr("transform(mask, it -> double(it))"));
    for (Dataset<Row> rows :
        List.of(
            data,
            inVectors,
            inVectors.withColumn("mask", array_to_vector(inVectors.col("mask"))))) {
      assertThat(
              evaluated(model, rows, LabelSpec.dense("mask", 2, List.of(2, 2)))
                  .get("label")
                  .all()
                  .value("pixel-accuracy"))
          .isCloseTo(right / 1600, within(1e-12))
          .isGreaterThan(0.9);
    }
  }

  private static Map<String, EvaluationReport> evaluated(
      LeptonModel model, Dataset<Row> data, LabelSpec... labels) {
    DataSpec spec = new DataSpec(List.of(), List.of(labels), null);
    return new ModelEvaluation(PLAIN, spec).evaluate(model, data);
  }

  @Test
  void textIsNoClassNumber() {
    Dataset<Row> data = QuickFit.rows(spark, 40);
    assertThat(data.schema().apply("item").dataType()).isEqualTo(DataTypes.StringType);

    assertThatThrownBy(
            () -> new LeptonClassifier().setFeaturesCols("a", "b").setLabelCol("item").fit(data))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column 'item' must be a class number for classes to be counted")
        .hasMessageContaining("but was: string");
  }
}
