package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDecoderTest {
  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void wordsHaveTheRankOfTheirFrequency() {
    assertThat(
            ingest(text(4, 10, 1, 0, Missing.FAIL), "The cat, the dog, the end.", "Dog! A", "")
                .rows())
        .containsExactly("x=[2, 5, 2, 3]", "x=[3, 4, 0, 0]", "x=[0, 0, 0, 0]");
  }

  @Test
  void wordsBeyondTheVocabularyHaveTheIdOfTheUnknown() {
    assertThat(ingest(text(5, 2, 1, 0, Missing.FAIL), "b b b a a d d c").rows())
        .containsExactly("x=[2, 2, 2, 3, 3]");
    assertThat(ingest(text(3, 9, 2, 0, Missing.FAIL), "c a b a").rows())
        .containsExactly("x=[1, 2, 1]");
  }

  @Test
  void hashedWordsHaveTheIdsThatSparkSqlGives() {
    int[] ids =
        spark
            .sql("select 2 + pmod(hash('hello'), 50), 2 + pmod(hash('wörld'), 50)")
            .collectAsList()
            .stream()
            .flatMapToInt(row -> IntStream.of(row.getInt(0), row.getInt(1)))
            .toArray();

    assertThat(ingest(text(3, 1, 1, 50, Missing.FAIL), "Hello wörld").rows())
        .containsExactly("x=[%d, %d, 0]".formatted(ids[0], ids[1]));
  }

  @Test
  void missingTextIsEmptyOrLeftOutOrADefect() {
    assertThat(ingest(text(1, 9, 1, 0, Missing.FILL), "a", null).rows())
        .containsExactly("x=[2]", "x=[0]");
    assertThat(ingest(text(1, 9, 1, 0, Missing.DROP_ROW), "a", null).rows())
        .containsExactly("x=[2]");
    assertThat(ingest(text(1, 9, 1, 0, Missing.FAIL), "a", null).defects())
        .containsExactly(new Defect("x", "values must not be null", 1, 0, 1, "null"));
  }

  @Test
  void bytesThatAreNoUtf8AreDefects() {
    Dataset<Row> data =
        spark
            .range(0, 3, 1, 1)
            .selectExpr(
                "int(id) as row",
                "cast(element_at(array(X'6f6b', X'c328', X'ff00112233445566778899aabbccddeeff'),"
                    + " int(id) + 1) as string) as x");

    assertThat(Ingested.of(directory, data, text(2, 9, 1, 0, Missing.FAIL)).defects())
        .containsExactly(new Defect("x", "text must be UTF-8", 2, 0, 1, "0xc328"));
    assertThat(
            Ingested.of(directory, data.filter("id = 2"), text(2, 9, 1, 50, Missing.FAIL))
                .defects()
                .get(0)
                .value())
        .isEqualTo("0xff00112233445566778899aabbccddee…, 17 bytes");
  }

  private Ingested ingest(InputSpec input, String... texts) {
    List<Row> rows =
        IntStream.range(0, texts.length).mapToObj(i -> RowFactory.create(i, texts[i])).toList();
    return Ingested.of(spark, directory, Ingested.schema("x", DataTypes.StringType), rows, input);
  }

  private static InputSpec text(int length, int size, int minCount, int buckets, Missing missing) {
    return new InputSpec(
        "x", List.of("x"), new InputKind.Text(length, size, minCount, buckets, true, missing));
  }
}
