package io.lepton.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.execution.RowToColumnConverter;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Some rows of a generated table, as Spark gives them to a task: row by row, and as a batch of
 * vectors outside the heap.
 *
 * @param values boxed, as a driver makes them
 * @param rows the same, encoded
 * @param batch the same, freed with the sample
 */
record TableSample(StructType schema, List<Row> values, List<InternalRow> rows, ColumnarBatch batch)
    implements AutoCloseable {
  private static final int CLASSES = 2;

  /** As many rows. */
  static TableSample of(GeneratedTable table, int count) {
    StructType schema = table.features().add("label", DataTypes.IntegerType, false);
    Random random = new Random(7);
    List<Row> values = IntStream.range(0, count).mapToObj(i -> row(table, random)).toList();
    ExpressionEncoder.Serializer<Row> serializer =
        ExpressionEncoder.apply(schema).createSerializer();
    List<InternalRow> rows = values.stream().map(row -> serializer.apply(row).copy()).toList();
    OffHeapColumnVector[] vectors = OffHeapColumnVector.allocateColumns(count, schema);
    RowToColumnConverter columns = new RowToColumnConverter(schema);
    for (InternalRow row : rows) {
      columns.convert(row, vectors);
    }
    return new TableSample(schema, values, rows, new ColumnarBatch(vectors, count));
  }

  @Override
  public void close() {
    batch.close();
  }

  private static Row row(GeneratedTable table, Random random) {
    Object[] features = table.values(random);
    Object[] row = Arrays.copyOf(features, features.length + 1);
    row[features.length] = random.nextInt(CLASSES);
    return RowFactory.create(row);
  }
}
