package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.MappedShard;
import io.lepton.spark.Jobs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import org.apache.arrow.memory.ArrowBuf;

/** What lies in shards, as text: a line for each row, {@code name=[elements]} for each column. */
final class ShardText {
  private ShardText() {}

  /** The rows of each bucket, in the order of its shards. */
  static List<List<String>> of(ShardSet set, List<ColumnSpec> columns) {
    List<List<String>> buckets = new ArrayList<>();
    for (int i = 0; i < set.buckets(); i++) {
      buckets.add(List.of());
    }
    List<ColumnSpec> specs = new ArrayList<>(columns);
    Jobs.run(
        set.shards(),
        set.partitions(),
        (context, shards) -> text(shards, specs),
        (bucket, text) -> buckets.set(bucket, text.lines().toList()));
    return buckets;
  }

  private static String text(Iterator<Shard> shards, List<ColumnSpec> columns) {
    StringBuilder text = new StringBuilder();
    while (shards.hasNext()) {
      for (MappedShard.Chunk chunk : shards.next().chunks()) {
        for (int row = 0; row < chunk.rows(); row++) {
          text.append(row(chunk, row, columns)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String row(MappedShard.Chunk chunk, int row, List<ColumnSpec> columns) {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < columns.size(); i++) {
      Object[] elements = new Object[columns.get(i).width()];
      for (int j = 0; j < elements.length; j++) {
        elements[j] = element(chunk.column(i), columns.get(i), row * elements.length + j);
      }
      line.add(columns.get(i).name() + "=" + Arrays.toString(elements));
    }
    return line.toString();
  }

  private static Object element(ArrowBuf bytes, ColumnSpec column, int index) {
    long offset = (long) index * column.type().bytes();
    return switch (column.type()) {
      case FLOAT32 -> bytes.getFloat(offset);
      case FLOAT64 -> bytes.getDouble(offset);
      case INT32 -> bytes.getInt(offset);
      case INT64 -> bytes.getLong(offset);
      case UINT8, BOOL -> bytes.getByte(offset) & 0xff;
    };
  }
}
