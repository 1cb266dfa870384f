package io.lepton.spark.ingest;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Decodes rows of one partition side by side into one chunk, by the decoders that ingest uses too:
 * for a model to score. One thread.
 */
public final class ExampleDecoder implements AutoCloseable {
  // Of so many rows all columns stay in the nearest cache while they are interleaved.
  private static final int ROWS_AT_ONCE = 256;

  private final List<ColumnSpec> columns;
  private final List<ColumnDecoder> decoders;
  private final List<ColumnDecoder> droppers;
  private final int[] ordinals;
  private final ChunkBuffer chunk;
  private final CellLog log;
  private final long[] addresses;
  private long before;

  /**
   * A decoder with an empty chunk, which it owns.
   *
   * @param binding fitted
   * @param ordinals where each of {@link DataBinding#sources} stands in a row
   * @param capacity rows of the chunk
   * @param partition to name in what is refused
   */
  public ExampleDecoder(DataBinding binding, int[] ordinals, int capacity, int partition) {
    this.columns = binding.columns();
    this.decoders = binding.decoders();
    this.droppers = decoders.stream().filter(ColumnDecoder::mayDrop).toList();
    this.ordinals = ordinals.clone();
    this.log = new CellLog(partition, capacity);
    this.addresses = new long[Math.min(capacity, ROWS_AT_ONCE)];
    this.chunk = new ChunkBuffer(columns, capacity, ExecutorMemory.SCORING);
  }

  /** Begins the next chunk in the place of the last. */
  public void clear() {
    before += chunk.rows();
    chunk.clear();
    log.startAt(before);
  }

  /** Rows decoded since {@link #clear}. */
  public int rows() {
    return chunk.rows();
  }

  /** Rows that may still be decoded. */
  public int room() {
    return chunk.room();
  }

  /** Decodes a row. */
  public void decode(InternalRow row) {
    int at = chunk.take(1);
    for (ColumnDecoder decoder : droppers) {
      decoder.markDropped(row, ordinals[decoder.source()], at, log);
    }
    for (ColumnDecoder decoder : decoders) {
      long address = address(decoder, at);
      decoder.decodeCell(row, ordinals[decoder.source()], address, log, at);
    }
  }

  /** Decodes rows of a batch into an empty chunk. */
  public void decode(ColumnarBatch batch, int from, int count) {
    if (chunk.take(count) != 0) {
      throw new IllegalStateException("a chunk must be empty to take a batch, but was not");
    }
    for (ColumnDecoder decoder : droppers) {
      ColumnarArray cells =
          new ColumnarArray(batch.column(ordinals[decoder.source()]), from, count);
      for (int row = 0; row < count; row++) {
        decoder.markDropped(cells, row, row, log);
      }
    }
    for (int at = 0; at < count; at += ROWS_AT_ONCE) {
      log.countFrom(at);
      decode(batch, from + at, at, Math.min(ROWS_AT_ONCE, count - at));
    }
  }

  /** The memory of the columns, this one's own. */
  public List<ArrowBuf> data() {
    return IntStream.range(0, columns.size()).mapToObj(chunk::data).toList();
  }

  /** Why a row of the chunk cannot be scored; null if it can. */
  public String refusal(int row) {
    return log.refusal(row);
  }

  /** What was refused so far, left-out rows not counted. */
  public List<Defect> defects() {
    return List.copyOf(log.defects().all());
  }

  @Override
  public void close() {
    chunk.close();
  }

  private void decode(ColumnarBatch batch, int from, int to, int count) {
    int addressed = -1;
    for (ColumnDecoder decoder : decoders) {
      if (decoder.column() != addressed) {
        addressed = decoder.column();
        setAddresses(decoder, to, count);
      }
      ColumnVector vector = batch.column(ordinals[decoder.source()]);
      decoder.decodeVector(vector, from, count, addresses, log);
    }
  }

  private void setAddresses(ColumnDecoder decoder, int to, int count) {
    long first = address(decoder, to);
    long width = columns.get(decoder.column()).bytesPerExample();
    for (int row = 0; row < count; row++) {
      addresses[row] = first + width * row;
    }
  }

  private long address(ColumnDecoder decoder, int row) {
    long width = columns.get(decoder.column()).bytesPerExample();
    return chunk.address(decoder.column()) + width * row;
  }
}
