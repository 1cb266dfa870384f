package io.lepton.spark.ingest;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoDataInput;
import com.esotericsoftware.kryo.io.KryoDataOutput;
import com.esotericsoftware.kryo.io.Output;
import io.lepton.arrow.MappedShard;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * A handle of a mapped Arrow file of this process. The file goes when its last handle is closed,
 * its memory when the last lease is back.
 *
 * <p>Spark's block store owns the handles that it holds and closes them when it drops the block.
 * Sent to another process a shard goes as the bytes of its file.
 */
public final class Shard implements AutoCloseable, KnownSizeEstimation, Serializable {
  private static final long serialVersionUID = 1;

  private final transient Path path;
  private final transient ShardDirectory directory;
  private final transient boolean moved;
  private final transient boolean kept;
  private final transient MappedShard mapped;
  private final transient AtomicInteger handles;
  private final transient AtomicBoolean closed = new AtomicBoolean();

  private Shard(
      Path path,
      ShardDirectory directory,
      boolean moved,
      boolean kept,
      MappedShard mapped,
      AtomicInteger handles) {
    this.path = path;
    this.directory = directory;
    this.moved = moved;
    this.kept = kept;
    this.mapped = mapped;
    this.handles = handles;
  }

  /** The first handle of a finished file. */
  static Shard open(Path path, ShardDirectory directory) {
    try {
      return open(path, directory, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A handle of a file that stays when the last one is closed.
   *
   * @throws IOException if it is no readable shard
   */
  static Shard openKept(Path path, ShardDirectory directory) throws IOException {
    return open(path, directory, false, true);
  }

  private static Shard open(Path path, ShardDirectory directory, boolean moved, boolean kept)
      throws IOException {
    MappedShard mapped = MappedShard.open(path, ExecutorMemory.SHARDS);
    return new Shard(path, directory, moved, kept, mapped, new AtomicInteger(1));
  }

  /** Another handle of the same file; this one must be open. */
  Shard share() {
    handles.incrementAndGet();
    return new Shard(path, directory, moved, kept, mapped, handles);
  }

  /** The same shard, to be kept by this process, if it is a copy made for a task. */
  Shard settle() {
    return new Shard(path, directory, false, kept, mapped, handles);
  }

  Path path() {
    return path;
  }

  /**
   * Compares all bytes with their checksums.
   *
   * @throws IOException if they differ
   */
  void verify() throws IOException {
    mapped.verify();
  }

  /** Chunks in the order of the file. */
  public List<MappedShard.Chunk> chunks() {
    return mapped.chunks();
  }

  /** Has something run right after the last handle was closed, in place of what was to run. */
  public void whenClosed(Runnable action) {
    mapped.whenClosed(action);
  }

  /** Whether this is a copy of another process's file, made for one task. */
  public boolean moved() {
    return moved;
  }

  /** Bytes that were copied to bring this shard here; 0 if it was not moved. */
  public long movedBytes() {
    return moved ? path.toFile().length() : 0;
  }

  /** Of what is on the heap. */
  @Override
  public long estimatedSize() {
    return 4096;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true) || handles.decrementAndGet() > 0) {
      return;
    }
    mapped.close();
    if (kept) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object writeReplace() {
    return new ShardBytes(this);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a shard arrives as its bytes");
  }

  /**
   * As {@code directory, length, bytes of the file}, whatever serializes it. What a task reads is a
   * copy for that task; what is read outside of one was handed over to this process's block store,
   * as a decommissioned executor does.
   */
  static final class KryoSerializer extends Serializer<Shard> {
    @Override
    public void write(Kryo kryo, Output output, Shard shard) {
      try {
        shard.write(new KryoDataOutput(output));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Shard read(Kryo kryo, Input input, Class<Shard> type) {
      try {
        return Shard.read(new KryoDataInput(input));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void write(DataOutput output) throws IOException {
    String configured = directory.configured();
    output.writeBoolean(configured != null);
    if (configured != null) {
      output.writeUTF(configured);
    }
    output.writeLong(Files.size(path));
    byte[] buffer = new byte[1 << 16];
    try (InputStream file = Files.newInputStream(path)) {
      for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
        output.write(buffer, 0, read);
      }
    }
  }

  static Shard read(DataInput input) throws IOException {
    ShardDirectory directory = new ShardDirectory(input.readBoolean() ? input.readUTF() : null);
    Path path = directory.newShard();
    try (OutputStream file = Files.newOutputStream(path)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = input.readLong(); left > 0; ) {
        int count = (int) Math.min(left, buffer.length);
        input.readFully(buffer, 0, count);
        file.write(buffer, 0, count);
        left -= count;
      }
      file.flush();
      boolean forTask = TaskContext.get() != null;
      Shard shard = open(path, directory, forTask, false);
      shard.verify();
      return shard;
    } catch (IOException e) {
      path.toFile().delete();
      throw new ShardStorageException(directory.place(), e);
    }
  }
}
