package io.lepton.spark.ingest;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes what one task has for one bucket to shard files of at most 256 MiB, chunk after chunk, on
 * another thread than the task's own. Only the task calls.
 */
final class BucketWriter {
  private static final long MAX_SHARD_BYTES = 256L << 20;
  private static final long PATIENCE_MINUTES = 10;

  private final List<ColumnSpec> columns;
  private final ShardDirectory directory;
  private final ChunkPool pool;
  private final Executor thread;
  private final List<Path> finished = new ArrayList<>();
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
  private ChunkBuffer open;
  private Path path;
  private ShardWriter writer;

  BucketWriter(
      List<ColumnSpec> columns, ShardDirectory directory, ChunkPool pool, Executor thread) {
    this.columns = columns;
    this.directory = directory;
    this.pool = pool;
    this.thread = thread;
  }

  /** The open chunk, with room for a row. */
  ChunkBuffer chunk() {
    if (open == null) {
      open = pool.take();
    }
    return open;
  }

  boolean isFull() {
    return open != null && open.room() == 0;
  }

  /** Lets the open chunk be written; its cells must all have been decoded. */
  void flush() {
    if (open == null) {
      return;
    }
    ChunkBuffer chunk = open;
    open = null;
    written =
        written.handleAsync(
            (nothing, failure) -> {
              try {
                if (failure == null) {
                  write(chunk);
                }
                return null;
              } finally {
                pool.give(chunk);
              }
            },
            thread);
  }

  /** Waits for everything to be written and returns the files, in order. */
  List<Path> finish() {
    flush();
    written = written.thenRunAsync(this::close, thread);
    await();
    return finished;
  }

  /** Waits for what is under way, whatever comes of it, and removes all files. */
  void abort() {
    if (open != null) {
      pool.give(open);
      open = null;
    }
    written =
        written.handleAsync(
            (nothing, failure) -> {
              remove();
              return null;
            },
            thread);
    await();
  }

  private void await() {
    try {
      written.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "a shard must be written within %d minutes, but was not: %s"
              .formatted(PATIENCE_MINUTES, path),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a shard was written: " + path, e);
    }
  }

  private void write(ChunkBuffer chunk) {
    try {
      if (writer != null && writer.bytes() + size(chunk) > MAX_SHARD_BYTES) {
        close();
      }
      if (writer == null) {
        path = directory.newShard();
        writer = new ShardWriter(path, columns);
      }
      writer.write(chunk);
    } catch (IOException e) {
      throw new ShardStorageException(directory.place(), e);
    }
  }

  private void close() {
    if (writer == null) {
      return;
    }
    try {
      writer.finish();
      finished.add(path);
      writer = null;
    } catch (IOException e) {
      throw new ShardStorageException(directory.place(), e);
    }
  }

  private void remove() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw new ShardStorageException(directory.place(), e);
    }
    finished.forEach(file -> file.toFile().delete());
  }

  private long size(ChunkBuffer chunk) {
    return columns.stream().mapToLong(ColumnSpec::bytesPerExample).sum() * chunk.rows();
  }
}
