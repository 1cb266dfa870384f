package io.lepton.benchmarks;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.TensorLease;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** What it costs to lend memory to TensorFlow and to get it back, whatever its size. */
final class LeaseCost {
  private static final ColumnSpec COLUMN =
      new ColumnSpec("features", ElementType.FLOAT32, List.of(784));
  private static final int[] ROWS = {32, 512, 4096, 65_536};
  private static final int LEASES = 50_000;

  private LeaseCost() {}

  static void measure(BufferAllocator allocator, ResultTable table) {
    CopyLedger ledger = new CopyLedger();
    long bytes = (long) ROWS[ROWS.length - 1] * COLUMN.bytesPerExample();
    try (ArrowBuf buffer = allocator.buffer(bytes)) {
      Alternation alternation = new Alternation();
      for (int rows : ROWS) {
        long[] shape = COLUMN.tensorShape(rows);
        alternation.side(
            "lend and close, %,d rows of 784 float32".formatted(rows),
            () -> micros(buffer, shape, ledger));
      }
      table.rows(alternation.measure(3, 15), "µs");
    }
  }

  private static double micros(ArrowBuf buffer, long[] shape, CopyLedger ledger) {
    double seconds =
        Stopwatch.seconds(
            () -> {
              for (int i = 0; i < LEASES; i++) {
                TensorLease.lend(buffer, 0, COLUMN.type(), shape, ledger).close();
              }
            });
    return seconds / LEASES * 1e6;
  }
}
