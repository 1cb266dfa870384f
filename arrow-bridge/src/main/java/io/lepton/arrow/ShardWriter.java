package io.lepton.arrow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
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
 * format allows it. The footer holds a CRC-32C of the body of each record batch.
 *
 * <p>One thread at a time. Holds no memory of its own.
 */
public final class ShardWriter implements AutoCloseable {
  /** The footer's entry for the sums: a hexadecimal number a record batch, with commas between. */
  static final String CHECKSUMS = "lepton.crc32c";

  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int MESSAGE_PREFIX = 8;

  private final Path path;
  private final List<ColumnSpec> columns;
  private final Schema schema;
  private final List<ArrowBlock> blocks = new ArrayList<>();
  private final List<String> checksums = new ArrayList<>();
  private final FileChannel file;
  private final WriteChannel out;
  private long rows;
  private boolean finished;

  /**
   * Creates the file, which must not exist.
   *
   * @throws IOException if the file cannot be made or written
   */
  public ShardWriter(Path path, List<ColumnSpec> columns) throws IOException {
    this.path = path;
    this.columns = List.copyOf(columns);
    this.schema = ShardSchema.toArrow(columns);
    this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.out = new WriteChannel(file);
    try {
      out.write(MAGIC);
      out.align();
      MessageSerializer.serialize(out, schema);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Rows so far. */
  public long rows() {
    return rows;
  }

  /** Bytes so far. */
  public long bytes() {
    return out.getCurrentPosition();
  }

  /**
   * Writes the rows of a buffer as one record batch, if there are any.
   *
   * @throws IOException if they could not be written
   */
  public void write(ChunkBuffer chunk) throws IOException {
    if (!chunk.columns().equals(columns)) {
      throw new IllegalArgumentException(
          "a chunk must have the columns of its shard, %s, but had: %s"
              .formatted(columns, chunk.columns()));
    }
    if (chunk.rows() == 0) {
      return;
    }
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    CRC32C checksum = new CRC32C();
    for (int i = 0; i < columns.size(); i++) {
      ArrowBuf data = chunk.padded(i);
      checksum.update(data.nioBuffer(0, (int) data.writerIndex()));
      nodes.addAll(ShardSchema.nodes(columns.get(i), chunk.rows()));
      buffers.addAll(ShardSchema.buffers(columns.get(i), AlignedMemory.empty(), data));
    }
    try (ArrowRecordBatch batch = new ArrowRecordBatch(chunk.rows(), nodes, buffers)) {
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
    checksums.add(Long.toHexString(checksum.getValue()));
    rows += chunk.rows();
  }

  /**
   * Writes the footer; the file is complete after it.
   *
   * @throws IOException if it could not be written; {@link #close()} then removes the file
   */
  public void finish() throws IOException {
    out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
    out.writeIntLittleEndian(0);
    long start = out.getCurrentPosition();
    Map<String, String> metadata = Map.of(CHECKSUMS, String.join(",", checksums));
    out.write(new ArrowFooter(schema, List.of(), blocks, metadata), false);
    out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
    out.write(MAGIC);
    file.close();
    finished = true;
  }

  /** Removes the file unless it was finished. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      file.close();
      Files.deleteIfExists(path);
    }
  }
}
