package io.lepton.spark.ingest;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * Rows on their way from a scan to a shard, or the report that ends a scan's partition. A block
 * that was just dealt becomes bytes only when it is sent, after its last cell was decoded.
 */
final class RowBlock {
  private final BlockBuilder builder;
  private final int rows;
  private final byte[] bytes;
  private final ScanReport report;

  RowBlock(BlockBuilder builder) {
    this(builder, builder.rows(), null, null);
  }

  private RowBlock(BlockBuilder builder, int rows, byte[] bytes, ScanReport report) {
    this.builder = builder;
    this.rows = rows;
    this.bytes = bytes;
    this.report = report;
  }

  static RowBlock of(ScanReport report) {
    return new RowBlock(null, 0, new byte[0], report);
  }

  int rows() {
    return rows;
  }

  /** As the layout of the ingest says for this number of rows. */
  byte[] bytes() {
    return builder == null ? bytes : builder.trimmed();
  }

  /** Null but in a partition's last block. */
  ScanReport report() {
    return report;
  }

  /** As {@code rows, length, bytes, report or null}. */
  static final class KryoSerializer extends Serializer<RowBlock> {
    @Override
    public void write(Kryo kryo, Output output, RowBlock block) {
      byte[] bytes = block.bytes();
      output.writeInt(block.rows());
      output.writeInt(bytes.length);
      output.writeBytes(bytes);
      kryo.writeClassAndObject(output, block.report());
    }

    @Override
    public RowBlock read(Kryo kryo, Input input, Class<RowBlock> type) {
      int rows = input.readInt();
      byte[] bytes = input.readBytes(input.readInt());
      return new RowBlock(null, rows, bytes, (ScanReport) kryo.readClassAndObject(input));
    }
  }
}
