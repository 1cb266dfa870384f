package io.lepton.spark.ingest;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Decodes one partition of a source straight into chunks of the buckets its rows are dealt to, and
 * writes those to shard files. One thread decodes, others write.
 */
final class PartitionScan implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 256;
  private static final int ROWS_BETWEEN_CHECKS = 1 << 16;

  private final TaskContext context;
  private final List<ColumnSpec> columns;
  private final List<ColumnDecoder> decoders;
  private final List<ColumnDecoder> droppers;
  private final Deal.Hand hand;
  private final IntPredicate wanted;
  private final ChunkPool pool;
  private final ChunkBuffer nowhere;
  private final Slots slots;
  private final CellLog log;
  private final BucketWriter[] writers;
  private final ShardDirectory directory;
  private long rows;
  private long written;
  private long columnar;
  private boolean finished;
  private BucketWriter full;

  /**
   * A scan.
   *
   * @param wanted buckets; the rows of others are left out
   */
  PartitionScan(
      TaskContext context,
      DataBinding binding,
      Deal deal,
      int partition,
      IntPredicate wanted,
      ShardDirectory directory) {
    this.context = context;
    this.columns = binding.columns();
    this.decoders = binding.decoders();
    this.droppers = decoders.stream().filter(ColumnDecoder::mayDrop).toList();
    this.hand = deal.hand(partition);
    this.writers = new BucketWriter[deal.buckets()];
    this.wanted = wanted;
    this.directory = directory;
    this.pool = new ChunkPool(columns, deal.buckets(), ExecutorMemory.INGEST);
    this.nowhere = new ChunkBuffer(columns, 1, ExecutorMemory.INGEST);
    this.slots = new Slots(columns, ROWS_AT_ONCE, nowhere);
    this.log = new CellLog(partition, ROWS_AT_ONCE);
  }

  /** Decodes columnar batches. */
  void decodeBatches(Iterator<ColumnarBatch> batches) {
    while (batches.hasNext()) {
      context.killTaskIfInterrupted();
      decode(batches.next());
    }
  }

  /** Decodes internal rows. */
  void decodeRows(Iterator<InternalRow> source) {
    while (source.hasNext()) {
      if (rows % ROWS_BETWEEN_CHECKS == 0) {
        context.killTaskIfInterrupted();
      }
      InternalRow row = source.next();
      log.startAt(rows);
      droppers.forEach(decoder -> decoder.markDropped(row, decoder.source(), 0, log));
      place(1);
      for (ColumnDecoder decoder : decoders) {
        decoder.decodeRow(row, slots.addresses(decoder.column(), 1)[0], log);
      }
      flushFull();
    }
  }

  /** Waits until all is written; the files of each wanted bucket, in order, if it got rows. */
  Map<Integer, List<Path>> finish() {
    Map<Integer, List<Path>> files = new TreeMap<>();
    for (int bucket = 0; bucket < writers.length; bucket++) {
      if (writers[bucket] != null) {
        files.put(bucket, writers[bucket].finish());
      }
    }
    finished = true;
    return files;
  }

  ScanReport report() {
    long bytes = written * columns.stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    return new ScanReport(rows, columnar, bytes, log.missing(), log.defects());
  }

  /** Frees the memory, and removes all files unless the scan was finished. */
  @Override
  public void close() {
    try {
      if (!finished) {
        Stream.of(writers).filter(Objects::nonNull).forEach(BucketWriter::abort);
      }
    } finally {
      pool.close();
      nowhere.close();
    }
  }

  private void decode(ColumnarBatch batch) {
    for (int at = 0; at < batch.numRows(); ) {
      int count = Math.min(ROWS_AT_ONCE, batch.numRows() - at);
      log.startAt(rows);
      for (ColumnDecoder decoder : droppers) {
        SpecializedGetters cells = new ColumnarArray(batch.column(decoder.source()), at, count);
        for (int row = 0; row < count; row++) {
          decoder.markDropped(cells, row, row, log);
        }
      }
      int placed = place(count);
      for (ColumnDecoder decoder : decoders) {
        ColumnVector vector = batch.column(decoder.source());
        decoder.decodeVector(vector, at, placed, slots.addresses(decoder.column(), placed), log);
      }
      flushFull();
      columnar += placed;
      at += placed;
    }
  }

  /** Gives rows their places, up to the one that fills a chunk; returns how many. */
  private int place(int count) {
    slots.clear();
    int placed = 0;
    while (placed < count && full == null) {
      int bucket = hand.bucket(rows + placed);
      if (log.leavesOut(placed) || !wanted.test(bucket)) {
        slots.leaveOut(placed);
      } else {
        BucketWriter writer = writer(bucket);
        slots.set(placed, writer.chunk());
        written++;
        full = writer.isFull() ? writer : null;
      }
      placed++;
    }
    rows += placed;
    return placed;
  }

  private void flushFull() {
    if (full != null) {
      full.flush();
      full = null;
    }
  }

  private BucketWriter writer(int bucket) {
    if (writers[bucket] == null) {
      writers[bucket] = new BucketWriter(columns, directory, pool, WriterThreads.of(bucket));
    }
    return writers[bucket];
  }
}
