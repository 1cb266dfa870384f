package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.ingest.SchemaException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class KafkaStreamTest {
  @Test
  void recordsAreParsedAndWhatIsNoObjectInJsonIsKeptAsText() {
    Timestamp time = Timestamp.valueOf("2024-05-01 12:00:00");
    List<String> values =
        Arrays.asList(
            "{\"a\": 1.5, \"b\": \"x\"}",
            "{\"a\": \"much\"}",
            "no JSON",
            "[{\"a\": 1}, {\"a\": 2}]",
            "",
            null);
    List<Row> records = new ArrayList<>();
    for (String value : values) {
      records.add(
          RowFactory.create(
              bytes("k" + records.size()), bytes(value), 3, 7L + records.size(), time));
    }
    StructType schema =
        new StructType()
            .add("key", "binary")
            .add("value", "binary")
            .add("partition", "int")
            .add("offset", "bigint")
            .add("timestamp", "timestamp");

    List<Row> rows =
        stream("a double, b string")
            .parsed(Cluster.local().createDataFrame(records, schema))
            .collectAsList();

    assertThat(rows)
        .containsExactly(
            RowFactory.create(1.5, "x", null, "k0", 7L, 3, time, time),
            RowFactory.create(null, null, values.get(1), "k1", 8L, 3, time, time),
            RowFactory.create(null, null, values.get(2), "k2", 9L, 3, time, time),
            RowFactory.create(null, null, values.get(3), "k3", 10L, 3, time, time),
            RowFactory.create(null, null, "", "k4", 11L, 3, time, time),
            RowFactory.create(null, null, "", "k5", 12L, 3, time, time));
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly(
            "a",
            "b",
            "_corrupt_record",
            "kafka_key",
            "kafka_offset",
            "kafka_partition",
            "kafka_time",
            "_lepton_arrived_at");
  }

  @Test
  void columnsOfTheRecordAreNotInTheSchema() {
    assertThatThrownBy(() -> stream("a double, kafka_time timestamp"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column 'kafka_time' must not be in the schema");
  }

  @Test
  void aSourceThatIsNotOnTheClassPathIsNamed() {
    KafkaStream stream = stream("a double");

    assertThatThrownBy(() -> stream.rows(Cluster.local(), null))
        .isInstanceOf(SchemaException.class)
        .hasMessageStartingWith("Spark's Kafka source must be on the class path, but is not");
  }

  private static KafkaStream stream(String schema) {
    return new KafkaStream("host:9092", "topic", InputTable.schema(schema), 10);
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
