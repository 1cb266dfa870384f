package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import io.lepton.tf.model.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CategoryDecoderTest {
  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void categoriesHaveTheRankOfTheirFrequencyAndTiesThatOfTheirText() {
    assertThat(texts(categories(9, 1, 0, Missing.FAIL), "b", "c", "a", "c", "é", "").rows())
        .containsExactly("x=[4]", "x=[1]", "x=[3]", "x=[1]", "x=[5]", "x=[2]");
  }

  @Test
  void whatTheDictionaryDoesNotKnowIsZero() {
    assertThat(texts(categories(1, 1, 0, Missing.FAIL), "b", "b", "a").rows())
        .containsExactly("x=[1]", "x=[1]", "x=[0]");
    assertThat(texts(categories(9, 2, 0, Missing.FAIL), "b", "b", "a").rows())
        .containsExactly("x=[1]", "x=[1]", "x=[0]");
  }

  @Test
  void valuesOfAnotherDataSetThatTheDictionaryDoesNotKnowAreZero() {
    Ingested trained = texts(categories(9, 1, 0, Missing.FAIL), "a", "b");
    Dataset<Row> other = spark.sql("select 0 as row, 'z' as x union all select 1, 'b'").coalesce(1);
    try (Ingest ingest =
        Ingest.whole("other", other, trained.binding(), 1, 1, ShardStorage.OF_SPARK)) {
      assertThat(ShardText.of(ingest.training(), trained.binding().columns()).get(0))
          .containsExactly("x=[0] label=[0.0]", "x=[2] label=[1.0]");
    }
  }

  @Test
  void wholeNumbersAreCategoriesLikeTheirText() {
    assertThat(ingest(DataTypes.LongType, categories(9, 1, 0, Missing.FAIL), 7L, -30L, -30L).rows())
        .containsExactly("x=[2]", "x=[1]", "x=[1]");
    InputSpec hashed = categories(1, 1, 1000, Missing.FAIL);
    assertThat(ingest(DataTypes.ShortType, hashed, (short) -30).rows())
        .isEqualTo(texts(hashed, "-30").rows());
  }

  @Test
  void hashesAreThoseOfSparkSql() {
    int id = spark.sql("select pmod(hash('blue'), 10)").first().getInt(0);

    assertThat(texts(categories(1, 1, 10, Missing.FAIL), "blue").rows())
        .containsExactly("x=[%d]".formatted(id));
  }

  @Test
  void missingCategoriesAreUnknownOrLeftOutOrDefects() {
    assertThat(texts(categories(9, 1, 0, Missing.FILL), "a", null).rows())
        .containsExactly("x=[1]", "x=[0]");
    assertThat(texts(categories(9, 1, 0, Missing.DROP_ROW), "a", null).rows())
        .containsExactly("x=[1]");
    assertThat(texts(categories(9, 1, 0, Missing.FAIL), "a", null).defects())
        .containsExactly(new Defect("x", "values must not be null", 1, 0, 1, "null"));
    InputSpec hashed = categories(9, 1, 64, Missing.FILL);
    assertThat(texts(hashed, (String) null).rows()).isEqualTo(texts(hashed, "").rows());
  }

  @Test
  void bytesThatAreNoUtf8AreDefects() {
    Dataset<Row> data =
        spark.range(0, 1, 1, 1).selectExpr("int(id) as row", "cast(X'80' as string) as x");

    assertThat(Ingested.of(directory, data, categories(9, 1, 10, Missing.FAIL)).defects())
        .containsExactly(new Defect("x", "text must be UTF-8", 1, 0, 0, "0x80"));
  }

  @Test
  void eachColumnHasItsOwnDictionary() {
    StructType schema =
        new StructType()
            .add(Ingested.ROW, DataTypes.IntegerType)
            .add("colour", DataTypes.StringType)
            .add("size", DataTypes.StringType);
    List<Row> rows =
        List.of(
            RowFactory.create(0, "red", "red"),
            RowFactory.create(1, "red", "large"),
            RowFactory.create(2, "blue", "large"));
    Ingested ingested =
        Ingested.of(
            spark,
            directory,
            schema,
            rows,
            new InputSpec(
                "x",
                List.of("colour", "size"),
                new InputKind.Categories(9, 1, 0, true, Missing.FAIL)));

    assertThat(ingested.rows()).containsExactly("x=[1, 2]", "x=[1, 1]", "x=[2, 1]");
    assertThat(ingested.binding().inputs().get(0).transforms())
        .containsExactly(new Transform.OneHot(List.of(3, 3)));
    assertThat(ingested.binding().inputs().get(0).outputShape()).containsExactly(6);
  }

  private Ingested texts(InputSpec input, String... cells) {
    return ingest(DataTypes.StringType, input, (Object[]) cells);
  }

  private Ingested ingest(DataType type, InputSpec input, Object... cells) {
    List<Row> rows =
        IntStream.range(0, cells.length).mapToObj(i -> RowFactory.create(i, cells[i])).toList();
    return Ingested.of(spark, directory, Ingested.schema("x", type), rows, input);
  }

  private static InputSpec categories(int size, int minCount, int buckets, Missing missing) {
    return new InputSpec(
        "x", List.of("x"), new InputKind.Categories(size, minCount, buckets, false, missing));
  }
}
