package io.lepton.arrow;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/**
 * A shard mapped read-only: its bytes are the page cache's.
 *
 * <p>Owned by whoever opened it. A chunk is unmapped when the shard is closed and no lease of it is
 * out any more. Threads may read and lend together.
 */
public final class MappedShard implements AutoCloseable {
  private static final long PAGE = 4096;

  private final Path path;
  private final List<ColumnSpec> columns;
  private final List<Chunk> chunks;
  private final String checksums;
  private volatile Runnable afterClose = () -> {};

  private MappedShard(Path path, List<ColumnSpec> columns, List<Chunk> chunks, String checksums) {
    this.path = path;
    this.columns = columns;
    this.chunks = chunks;
    this.checksums = checksums;
  }

  /**
   * Maps a finished shard.
   *
   * @param allocator accounts for the mapped bytes
   * @throws IOException if the file cannot be read or is no shard
   */
  public static MappedShard open(Path path, BufferAllocator allocator) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    try (FileChannel file = FileChannel.open(path);
        ArrowFileReader reader = new ArrowFileReader(file, allocator)) {
      List<ColumnSpec> columns = ShardSchema.fromArrow(reader.getVectorSchemaRoot().getSchema());
      for (ArrowBlock block : reader.getRecordBlocks()) {
        chunks.add(map(file, block, columns, allocator));
      }
      String checksums = reader.getMetaData().getOrDefault(ShardWriter.CHECKSUMS, "");
      return new MappedShard(path, columns, List.copyOf(chunks), checksums);
    } catch (IOException | RuntimeException e) {
      chunks.forEach(Chunk::release);
      throw new IOException("%s is no readable shard: %s".formatted(path, e.getMessage()), e);
    }
  }

  public List<ColumnSpec> columns() {
    return columns;
  }

  /** The record batches, in the order of the file. */
  public List<Chunk> chunks() {
    return chunks;
  }

  /** Rows of all chunks. */
  public long rows() {
    return chunks.stream().mapToLong(Chunk::rows).sum();
  }

  /**
   * Reads all bytes and compares them with the sums in the file.
   *
   * @throws IOException if they differ
   */
  public void verify() throws IOException {
    String found =
        chunks.stream().map(Chunk::checksum).map(Long::toHexString).collect(joining(","));
    if (!found.equals(checksums)) {
      throw new IOException(
          "%s is damaged: its checksums must be %s, but were: %s"
              .formatted(path, checksums, found));
    }
  }

  /** Has something run right after the shard was closed, in place of what was to run before. */
  public void whenClosed(Runnable action) {
    afterClose = action;
  }

  @Override
  public void close() {
    chunks.forEach(Chunk::release);
    afterClose.run();
  }

  /** One record batch of a mapped shard; owned by the shard. */
  public static final class Chunk {
    private final int rows;
    private final List<ColumnSpec> columns;
    private final List<ArrowBuf> data;
    private final Mapping mapping;
    private boolean released;

    private Chunk(int rows, List<ColumnSpec> columns, List<ArrowBuf> data, Mapping mapping) {
      this.rows = rows;
      this.columns = columns;
      this.data = data;
      this.mapping = mapping;
    }

    public int rows() {
      return rows;
    }

    /** The bytes of a column, row after row; the chunk keeps owning them. */
    public ArrowBuf column(int column) {
      return data.get(column);
    }

    /** Lends a whole column as a tensor {@code [rows, shape…]}, in place. */
    public TensorLease lend(int column, CopyLedger ledger) {
      ColumnSpec spec = columns.get(column);
      return TensorLease.lend(data.get(column), 0, spec.type(), spec.tensorShape(rows), ledger);
    }

    /**
     * Locks the chunk's bytes into RAM until they are unmapped, unless that was tried before. Not
     * after the shard was closed.
     */
    public void lock(PageLock lock) {
      mapping.lock(lock);
    }

    /** Whether its shard was closed, so that only leases keep it mapped. */
    public synchronized boolean closed() {
      return released;
    }

    private long checksum() {
      CRC32C checksum = new CRC32C();
      data.forEach(column -> checksum.update(column.nioBuffer(0, (int) column.capacity())));
      return checksum.getValue();
    }

    private synchronized void release() {
      if (!released) {
        released = true;
        data.forEach(ArrowBuf::close);
      }
    }
  }

  private static Chunk map(
      FileChannel file, ArrowBlock block, List<ColumnSpec> columns, BufferAllocator allocator)
      throws IOException {
    long base = block.getOffset() & -PAGE;
    int start = (int) (block.getOffset() - base);
    long length = start + block.getMetadataLength() + block.getBodyLength();
    MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, base, length);
    ByteBuffer metadata =
        mapped.slice(start + 8, block.getMetadataLength() - 8).order(ByteOrder.LITTLE_ENDIAN);
    Mapping mapping = new Mapping(mapped, length);
    ArrowBuf whole = allocator.wrapForeignAllocation(mapping);
    ArrowBuf body = whole.slice((long) start + block.getMetadataLength(), block.getBodyLength());
    try (ArrowRecordBatch batch =
        MessageSerializer.deserializeRecordBatch(Message.getRootAsMessage(metadata), body)) {
      List<ArrowBuf> data = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        ArrowBuf buffer = batch.getBuffers().get(ShardSchema.dataBuffer(columns, i));
        buffer.getReferenceManager().retain();
        data.add(buffer);
      }
      return new Chunk(batch.getLength(), columns, data, mapping);
    }
  }

  private static final class Mapping extends ForeignAllocation {
    private final MappedByteBuffer mapped;
    private boolean tried;
    private PageLock locked;

    Mapping(MappedByteBuffer mapped, long length) {
      super(length, MemoryUtil.getByteBufferAddress(mapped));
      this.mapped = mapped;
    }

    synchronized void lock(PageLock lock) {
      if (!tried) {
        tried = true;
        locked = lock.lock(memoryAddress(), getSize()) ? lock : null;
      }
    }

    @Override
    protected synchronized void release0() {
      if (locked != null) {
        locked.unlock(memoryAddress());
      }
      Unmapper.unmap(mapped);
    }
  }
}
