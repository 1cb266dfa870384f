package io.lepton.spark.ingest;

import java.util.Iterator;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Spark's own columnar scan of the columns that an ingest would decode, and nothing more. */
public final class ScanProbe {
  private ScanProbe() {}

  /** Scans all batches and looks at none. */
  public static void scan(Dataset<Row> data, DataBinding binding) {
    SourceScan scan = new SourceScan(data, binding);
    if (!scan.columnar()) {
      throw new IllegalStateException("the plan must be columnar, but was not");
    }
    VoidFunction<Iterator<ColumnarBatch>> drain = batches -> batches.forEachRemaining(batch -> {});
    scan.batches().foreachPartition(drain);
  }
}
