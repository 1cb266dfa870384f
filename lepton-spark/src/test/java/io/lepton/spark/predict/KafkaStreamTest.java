package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.ingest.SchemaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class KafkaStreamTest {
  @Test
  void recordsAreParsedAndWhatIsNoJsonIsKeptAsText() {
    List<Row> values =
        Stream.of("{\"a\": 1.5, \"b\": \"x\"}", "{\"a\": \"much\"}", "no JSON")
            .map(text -> RowFactory.create((Object) text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    Dataset<Row> records =
        Cluster.local().createDataFrame(values, new StructType().add("value", "binary"));

    List<Row> rows =
        new KafkaStream("host:9092", "topic", InputTable.schema("a double, b string"), 10)
            .parsed(records)
            .collectAsList();

    assertThat(rows)
        .containsExactly(
            RowFactory.create(1.5, "x", null),
            RowFactory.create(null, null, "{\"a\": \"much\"}"),
            RowFactory.create(null, null, "no JSON"));
  }

  @Test
  void aSourceThatIsNotOnTheClassPathIsNamed() {
    KafkaStream stream = new KafkaStream("host:9092", "topic", InputTable.schema("a double"), 10);

    assertThatThrownBy(() -> stream.rows(Cluster.local(), null))
        .isInstanceOf(SchemaException.class)
        .hasMessageStartingWith("Spark's Kafka source must be on the class path, but is not");
  }
}
