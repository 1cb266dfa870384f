package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.util.MemoryUtil;
import scala.Tuple2;

/**
 * Puts the blocks of one bucket together to shards, in the order they come in. Holds one chunk of
 * memory; a shard stays under 256 MiB. One thread.
 */
final class ShardAssembler implements Iterator<Shard> {
  private static final int CHUNK_BYTES = 64 << 20;
  private static final int CHUNKS = 4;

  private final Iterator<Tuple2<BlockKey, RowBlock>> blocks;
  private final BlockLayout layout;
  private final String directory;
  private final int rowsPerChunk;
  private RowBlock block;
  private int taken;
  private ScanReport report = ScanReport.NOTHING;
  private boolean any;

  ShardAssembler(
      Iterator<Tuple2<BlockKey, RowBlock>> blocks, BlockLayout layout, String directory) {
    this.blocks = blocks;
    this.layout = layout;
    this.directory = directory;
    this.rowsPerChunk = Math.max(1, CHUNK_BYTES / layout.bytesPerRow());
  }

  /** There is always one shard, if need be without rows, to carry the reports. */
  @Override
  public boolean hasNext() {
    return !any || block != null || blocks.hasNext();
  }

  @Override
  public Shard next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    any = true;
    Path path = ShardDirectory.newShard(directory);
    report = ScanReport.NOTHING;
    try (ShardWriter writer =
        new ShardWriter(path, layout.columns(), ExecutorMemory.INGEST, rowsPerChunk)) {
      long limit = (long) CHUNKS * rowsPerChunk;
      while (writer.rows() < limit && fill()) {
        int count = Math.min(writer.room(), block.rows() - taken);
        copy(writer, count);
        writer.advance(count);
        taken += count;
      }
      writer.finish();
    } catch (IOException e) {
      throw new ShardStorageException(path.getParent(), e);
    }
    return Shard.open(path, directory, report);
  }

  private boolean fill() {
    while (block == null || taken == block.rows()) {
      if (!blocks.hasNext()) {
        block = null;
        return false;
      }
      block = blocks.next()._2();
      taken = 0;
      if (block.report() != null) {
        report = report.plus(block.report());
      }
    }
    return true;
  }

  private void copy(ShardWriter writer, int count) {
    byte[] bytes = block.bytes();
    for (int i = 0; i < layout.columns().size(); i++) {
      ColumnSpec column = layout.columns().get(i);
      long from = layout.start(i, block.rows()) + (long) taken * column.bytesPerExample();
      MemoryUtil.copyToMemory(
          bytes, from, writer.address(i), (long) count * column.bytesPerExample());
    }
  }
}
