package io.lepton.arrow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes a shard: an Arrow IPC file whose every buffer starts on a 64-byte boundary of the file, so
 * that it does in memory once mapped. A stock Arrow reader reads it; the padding lies where the
 * format allows it.
 *
 * <p>Rows are put straight into the open chunk by address; a full chunk is written as one record
 * batch. One thread. Holds one chunk of memory, owned by this writer.
 */
public final class ShardWriter implements AutoCloseable {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int MESSAGE_PREFIX = 8;

  private final Path path;
  private final List<ColumnSpec> columns;
  private final Schema schema;
  private final BufferAllocator allocator;
  private final int rowsPerChunk;
  private final List<ArrowBuf> chunk = new ArrayList<>();
  private final List<ArrowBlock> blocks = new ArrayList<>();
  private final FileChannel file;
  private final WriteChannel out;
  private int chunkRows;
  private long rows;
  private boolean finished;

  /**
   * Creates the file, which must not exist.
   *
   * @param rowsPerChunk rows of a record batch; the last may be shorter
   * @throws IOException if the file cannot be made or written
   */
  public ShardWriter(
      Path path, List<ColumnSpec> columns, BufferAllocator allocator, int rowsPerChunk)
      throws IOException {
    if (rowsPerChunk <= 0) {
      throw new IllegalArgumentException("rowsPerChunk must be positive, but was: " + rowsPerChunk);
    }
    this.path = path;
    this.columns = List.copyOf(columns);
    this.schema = ShardSchema.toArrow(columns);
    this.allocator = allocator;
    this.rowsPerChunk = rowsPerChunk;
    this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.out = new WriteChannel(file);
    try {
      for (ColumnSpec column : columns) {
        chunk.add(
            allocator.buffer(
                AlignedMemory.roundUp((long) rowsPerChunk * column.bytesPerExample())));
      }
      out.write(MAGIC);
      out.align();
      MessageSerializer.serialize(out, schema);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Rows that still fit into the open chunk; at least 1. */
  public int room() {
    return rowsPerChunk - chunkRows;
  }

  /** Where the next row of a column goes; {@link #room()} rows may be put there side by side. */
  public long address(int column) {
    return chunk.get(column).memoryAddress()
        + (long) chunkRows * columns.get(column).bytesPerExample();
  }

  /**
   * Tells that so many rows were put in every column.
   *
   * @throws IOException if a chunk became full and could not be written
   */
  public void advance(int count) throws IOException {
    if (count < 0 || count > room()) {
      throw new IllegalArgumentException(
          "rows must fit into the open chunk with room for %d, but were: %d"
              .formatted(room(), count));
    }
    chunkRows += count;
    if (room() == 0) {
      flush();
    }
  }

  /** Rows so far. */
  public long rows() {
    return rows + chunkRows;
  }

  /**
   * Writes what is left and the footer; the file is complete after it.
   *
   * @throws IOException if it could not be written; {@link #close()} then removes the file
   */
  public void finish() throws IOException {
    flush();
    out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
    out.writeIntLittleEndian(0);
    long start = out.getCurrentPosition();
    out.write(new ArrowFooter(schema, List.of(), blocks), false);
    out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
    out.write(MAGIC);
    file.close();
    finished = true;
  }

  /** Frees the memory, and removes the file unless it was finished. */
  @Override
  public void close() throws IOException {
    chunk.forEach(ArrowBuf::close);
    chunk.clear();
    if (!finished) {
      file.close();
      Files.deleteIfExists(path);
    }
  }

  private void flush() throws IOException {
    if (chunkRows == 0) {
      return;
    }
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnSpec column = columns.get(i);
      nodes.addAll(ShardSchema.nodes(column, chunkRows));
      buffers.addAll(ShardSchema.buffers(column, allocator.getEmpty(), padded(i)));
    }
    try (ArrowRecordBatch batch = new ArrowRecordBatch(chunkRows, nodes, buffers)) {
      int metadata =
          MessageSerializer.serializeMetadata(batch, IpcOption.DEFAULT).remaining()
              + MESSAGE_PREFIX;
      metadata = (metadata + 7) & -8;
      long end = out.getCurrentPosition() + metadata;
      out.writeZeros(AlignedMemory.roundUp(end) - end);
      ArrowBlock block = MessageSerializer.serialize(out, batch);
      if ((block.getOffset() + block.getMetadataLength()) % AlignedMemory.ALIGNMENT != 0) {
        throw new IllegalStateException(
            "a record batch must start on a %d-byte boundary, but was at %d after %d of metadata"
                .formatted(AlignedMemory.ALIGNMENT, block.getOffset(), block.getMetadataLength()));
      }
      blocks.add(block);
    }
    rows += chunkRows;
    chunkRows = 0;
  }

  private ArrowBuf padded(int column) {
    long used = (long) chunkRows * columns.get(column).bytesPerExample();
    ArrowBuf data = chunk.get(column);
    data.setZero(used, AlignedMemory.roundUp(used) - used);
    data.writerIndex(AlignedMemory.roundUp(used));
    return data;
  }
}
