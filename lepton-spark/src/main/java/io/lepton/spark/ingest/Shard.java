package io.lepton.spark.ingest;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.MappedShard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * A block of a shard set: a mapped Arrow file of this process and what was seen on the way to it.
 *
 * <p>Spark's block store owns it and closes it when the block is dropped; the file goes then, its
 * memory when the last lease is back. Sent to another process it goes as the bytes of its file,
 * which the receiver keeps until it closes its copy.
 */
public final class Shard implements AutoCloseable, KnownSizeEstimation {
  private final Path path;
  private final String directory;
  private final ScanReport report;
  private final boolean moved;
  private final MappedShard mapped;

  private Shard(Path path, String directory, ScanReport report, boolean moved) {
    this.path = path;
    this.directory = directory;
    this.report = report;
    this.moved = moved;
    path.toFile().deleteOnExit();
    try {
      this.mapped = MappedShard.open(path, ExecutorMemory.SHARDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Shard open(Path path, String directory, ScanReport report) {
    return new Shard(path, directory, report, false);
  }

  /** Chunks in the order of the file. */
  public List<MappedShard.Chunk> chunks() {
    return mapped.chunks();
  }

  /** Whether this is a copy made for one task, which has to close it. */
  public boolean moved() {
    return moved;
  }

  ScanReport report() {
    return report;
  }

  /** Of what is on the heap. */
  @Override
  public long estimatedSize() {
    return 4096;
  }

  @Override
  public void close() {
    mapped.close();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code directory, report, length, bytes of the file}. */
  static final class KryoSerializer extends Serializer<Shard> {
    @Override
    public void write(Kryo kryo, Output output, Shard shard) {
      try (InputStream file = Files.newInputStream(shard.path)) {
        output.writeString(shard.directory);
        kryo.writeClassAndObject(output, shard.report);
        output.writeLong(Files.size(shard.path));
        byte[] buffer = new byte[1 << 16];
        for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
          output.writeBytes(buffer, 0, read);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Shard read(Kryo kryo, Input input, Class<Shard> type) {
      String directory = input.readString();
      ScanReport report = (ScanReport) kryo.readClassAndObject(input);
      Path path = ShardDirectory.newShard(directory);
      try (OutputStream file = Files.newOutputStream(path)) {
        byte[] buffer = new byte[1 << 16];
        for (long left = input.readLong(); left > 0; ) {
          int count = (int) Math.min(left, buffer.length);
          input.readBytes(buffer, 0, count);
          file.write(buffer, 0, count);
          left -= count;
        }
      } catch (IOException e) {
        path.toFile().delete();
        throw new ShardStorageException(path.getParent(), e);
      }
      return new Shard(path, directory, report, true);
    }
  }

  /** Bytes that were copied to bring this shard here, if it was moved. */
  public void countMove(CopyLedger ledger) {
    if (moved) {
      ledger.add(CopyLedger.Reason.MOVE, path.toFile().length());
    }
  }
}
