package io.lepton.spark.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Predictions and what scikit-learn says of them, as {@code reference.py} wrote them. */
record Fixture(JsonNode json) {
  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType);

  static Fixture of(String name) {
    try (InputStream stream = Fixture.class.getResourceAsStream(name + ".json")) {
      return new Fixture(new ObjectMapper().readTree(stream));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The rows, with their number as column {@code row}, in so many partitions. */
  Dataset<Row> rows(int partitions) {
    return rows(Cluster.local(), partitions);
  }

  Dataset<Row> rows(SparkSession spark, int partitions) {
    JsonNode columns = json.get("rows");
    StructType schema = new StructType().add("row", DataTypes.IntegerType);
    List<JsonNode> values = new ArrayList<>();
    for (Map.Entry<String, JsonNode> column : columns.properties()) {
      schema = schema.add(column.getKey(), type(column.getValue().get(0)));
      values.add(column.getValue());
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < values.get(0).size(); i++) {
      List<Object> row = new ArrayList<>(List.of(i));
      for (JsonNode column : values) {
        row.add(value(column.get(i)));
      }
      rows.add(RowFactory.create(row.toArray()));
    }
    return spark.createDataFrame(rows, schema).repartition(partitions);
  }

  /** What scikit-learn says of some of the rows. */
  Map<String, Double> metrics(String part) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    json.get("metrics")
        .get(part)
        .properties()
        .forEach(it -> metrics.put(it.getKey(), it.getValue().asDouble()));
    return metrics;
  }

  private static DataType type(JsonNode value) {
    if (value.isArray()) {
      return NUMBERS;
    }
    return value.isTextual() ? DataTypes.StringType : DataTypes.DoubleType;
  }

  private static Object value(JsonNode value) {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false).map(JsonNode::asDouble).toList();
    }
    return value.isTextual() ? value.asText() : (Object) value.asDouble();
  }
}
