package io.lepton.spark.ingest;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Tuple2;

/**
 * Deals one partition of a scan into blocks for the buckets, and ends with a report. Holds one open
 * block for each bucket. One thread.
 */
abstract class BlockDealer implements Iterator<Tuple2<BlockKey, RowBlock>> {
  private static final int OPEN_BYTES = 64 << 20;
  private static final int MAX_BLOCK_BYTES = 1 << 20;
  private static final int SLOTS = 1024;

  private final DataBinding binding;
  private final Deal deal;
  private final int partition;
  private final BlockLayout layout;
  private final int rowsPerBlock;
  private final BlockBuilder[] open;
  private final int[] sequences;
  private final ArrayDeque<Tuple2<BlockKey, RowBlock>> ready = new ArrayDeque<>();
  private final DefectLog log;
  private long rows;
  private boolean ended;

  final Slots slots = new Slots(SLOTS);

  BlockDealer(DataBinding binding, Deal deal, int partition) {
    this.binding = binding;
    this.deal = deal;
    this.partition = partition;
    this.layout = new BlockLayout(binding.columns());
    this.open = new BlockBuilder[deal.buckets()];
    this.sequences = new int[deal.buckets()];
    this.log = new DefectLog(partition);
    int blockBytes = Math.min(MAX_BLOCK_BYTES, OPEN_BYTES / deal.buckets());
    this.rowsPerBlock = Math.max(1, blockBytes / layout.bytesPerRow());
  }

  static BlockDealer ofRows(
      Iterator<InternalRow> rows, DataBinding binding, Deal deal, int partition) {
    return new RowDealer(rows, binding, deal, partition);
  }

  static BlockDealer ofBatches(
      Iterator<ColumnarBatch> batches, DataBinding binding, Deal deal, int partition) {
    return new BatchDealer(batches, binding, deal, partition);
  }

  /** Decodes up to {@link Slots#capacity()} rows; false at the end of the partition. */
  abstract boolean decodeSome(DataBinding binding, DefectLog log);

  /** Rows out of columnar batches among so many. */
  abstract long columnar(long rows);

  /** Gives the next {@code count} rows their slots. */
  final void place(int count) {
    log.startAt(rows);
    for (int i = 0; i < count; i++) {
      int bucket = deal.bucket(partition, rows + i);
      if (open[bucket] == null) {
        open[bucket] = new BlockBuilder(layout, rowsPerBlock);
      }
      slots.set(i, open[bucket]);
      if (open[bucket].full()) {
        emit(bucket);
      }
    }
    rows += count;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !ended) {
      if (!decodeSome(binding, log)) {
        end();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<BlockKey, RowBlock> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }

  private void emit(int bucket) {
    BlockKey key = new BlockKey(bucket, partition, sequences[bucket]++);
    ready.add(new Tuple2<>(key, new RowBlock(open[bucket])));
    open[bucket] = null;
  }

  private void end() {
    ended = true;
    for (int bucket = 0; bucket < open.length; bucket++) {
      if (open[bucket] != null) {
        emit(bucket);
      }
    }
    ScanReport report =
        new ScanReport(rows, columnar(rows), rows * (long) layout.bytesPerRow(), log.defects());
    int bucket = partition % deal.buckets();
    ready.add(
        new Tuple2<>(new BlockKey(bucket, partition, sequences[bucket]), RowBlock.of(report)));
  }

  private static final class RowDealer extends BlockDealer {
    private final Iterator<InternalRow> source;

    RowDealer(Iterator<InternalRow> source, DataBinding binding, Deal deal, int partition) {
      super(binding, deal, partition);
      this.source = source;
    }

    @Override
    boolean decodeSome(DataBinding binding, DefectLog log) {
      if (!source.hasNext()) {
        return false;
      }
      InternalRow row = source.next();
      place(1);
      for (ColumnDecoder decoder : binding.decoders()) {
        decoder.decodeRow(row, slots, log);
      }
      return true;
    }

    @Override
    long columnar(long rows) {
      return 0;
    }
  }

  private static final class BatchDealer extends BlockDealer {
    private final Iterator<ColumnarBatch> source;
    private ColumnarBatch batch;
    private int at;

    BatchDealer(Iterator<ColumnarBatch> source, DataBinding binding, Deal deal, int partition) {
      super(binding, deal, partition);
      this.source = source;
    }

    @Override
    boolean decodeSome(DataBinding binding, DefectLog log) {
      while (batch == null || at == batch.numRows()) {
        if (!source.hasNext()) {
          return false;
        }
        batch = source.next();
        at = 0;
      }
      int count = Math.min(slots.capacity(), batch.numRows() - at);
      place(count);
      for (ColumnDecoder decoder : binding.decoders()) {
        ColumnVector vector = batch.column(decoder.source());
        decoder.decodeVector(vector, at, count, slots, log);
      }
      at += count;
      return true;
    }

    @Override
    long columnar(long rows) {
      return rows;
    }
  }
}
