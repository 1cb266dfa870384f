package io.lepton.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Deadline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Slow files = new Slow();

  @TempDir private Path directory;

  /** A file system that can be held, and that can be full. */
  private static final class Slow extends FilterFileSystem {
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean full;

    Slow() {
      super(new RawLocalFileSystem());
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      begun.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
      if (full) {
        throw new IOException("No space left on device");
      }
      return super.create(path, permission, overwrite, buffer, replication, block, progress);
    }
  }

  @BeforeEach
  void initialize() throws IOException {
    files.initialize(URI.create("file:///"), new Configuration());
  }

  @Test
  void oneIsWrittenOneWaitsAndTheNewestWins() throws IOException {
    files.gate = new CountDownLatch(1);
    CheckpointWriter writer = writer();

    writer.offer(Samples.checkpoint(1, 0), 10, System.nanoTime());
    Deadline.await(LONG, "the first is being written", () -> files.begun.get() == 1);
    writer.offer(Samples.checkpoint(2, 0), 10, System.nanoTime());
    writer.offer(Samples.checkpoint(3, 0), 10, System.nanoTime());
    writer.offer(Samples.checkpoint(4, 0), 10, System.nanoTime());
    files.gate.countDown();
    CheckpointReport report = writer.close(LONG);

    assertThat(report.written()).isEqualTo(2);
    assertThat(report.superseded()).isEqualTo(2);
    assertThat(report.newest()).hasValue(4);
    assertThat(report.copiedBytes()).isEqualTo(40);
    assertThat(report.bytes()).isGreaterThan(2L * Samples.SIZE * Float.BYTES);
    assertThat(report.failed()).isZero();
    assertThat(store().newest().checkpoint().orElseThrow().round()).isEqualTo(4);
  }

  @Test
  void whatCannotBeWrittenIsCountedAndTheNextOneIsTried() throws IOException {
    CheckpointWriter writer = writer();
    files.full = true;
    for (int round = 1; round <= 2; round++) {
      int wanted = round;
      writer.offer(Samples.checkpoint(round, 0), 0, System.nanoTime());
      Deadline.await(LONG, "it failed", () -> files.begun.get() == wanted);
    }
    CheckpointReport failed = writer.close(LONG);
    files.full = false;
    CheckpointWriter next = writer();
    next.offer(Samples.checkpoint(3, 0), 0, System.nanoTime());

    assertThat(failed.failedInRow()).isEqualTo(2);
    assertThat(failed.failed()).isEqualTo(2);
    assertThat(failed.written()).isZero();
    assertThat(failed.newest()).isEmpty();
    assertThat(failed.failure())
        .hasValue("checkpoint-00000002: java.io.IOException: No space left on device");
    assertThat(next.close(LONG).newest()).hasValue(3);
    assertThat(store().newest().checkpoint().orElseThrow().round()).isEqualTo(3);
  }

  @Test
  void closingDoesNotWaitBeyondItsDeadline() throws IOException {
    files.gate = new CountDownLatch(1);
    CheckpointWriter writer = writer();
    writer.offer(Samples.checkpoint(1, 0), 0, System.nanoTime());
    Deadline.await(LONG, "it is being written", () -> files.begun.get() == 1);

    CheckpointReport report = writer.close(Duration.ofMillis(1));

    assertThat(report.newest()).isEmpty();
    assertThat(report.failure())
        .hasValue("checkpoint-00000001: it was not written within PT0.001S");
  }

  @Test
  void oneIsDueAfterSoManyRoundsOrSoMuchTime() {
    AtomicLong time = new AtomicLong();
    CheckpointOptions options =
        new CheckpointOptions(
            directory.toString(), OptionalInt.of(3), Optional.of(Duration.ofNanos(50)), 2, 1);
    CheckpointWriter writer =
        new CheckpointWriter(new CheckpointStore(files, options), 10, time::get);

    assertThat(writer.isDue(12)).isFalse();
    assertThat(writer.isDue(13)).isTrue();
    time.set(49);
    assertThat(writer.isDue(11)).isFalse();
    time.set(50);
    assertThat(writer.isDue(11)).isTrue();
    writer.offer(Samples.checkpoint(11, 0), 0, 50);
    assertThat(writer.isDue(11)).isFalse();
    time.set(99);
    assertThat(writer.isDue(13)).isFalse();
    assertThat(writer.isDue(14)).isTrue();
    assertThat(writer.close(LONG).newest()).hasValue(11);
  }

  private CheckpointWriter writer() {
    return new CheckpointWriter(store(), 0, System::nanoTime);
  }

  private CheckpointStore store() {
    return new CheckpointStore(files, Samples.options(directory, 2, 1));
  }
}
