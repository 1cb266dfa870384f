package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.tf.SessionOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void whoWaitsForALoadWhoseTaskIsKilledLoadsTheModelItself() throws Exception {
    SparkSession spark = Cluster.local();
    spark.sparkContext().hadoopConfiguration().set("fs.held.impl", HeldFileSystem.class.getName());
    Path bundle = Path.of(Trained.tableModel(spark, directory));
    Bundles.renamed(bundle, directory.resolve("another"), "another");
    ModelSource source =
        LeptonModel.open(spark, "held://" + directory.resolve("another"))
            .kept()
            .source(spark.sparkContext(), BundleArchive.MOST_BYTES);
    HeldFileSystem.hold();
    FutureTask<LoadedModels.Loan> killed = new FutureTask<>(() -> borrow(source));
    Thread first = new Thread(killed);
    first.start();
    assertThat(HeldFileSystem.reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    FutureTask<LoadedModels.Loan> waiting = new FutureTask<>(() -> borrow(source));
    Thread second = new Thread(waiting);
    second.start();
    Deadline.await(
        PATIENCE, "the other waits", () -> second.getState() == Thread.State.TIMED_WAITING);

    first.interrupt();

    assertThatThrownBy(() -> killed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(InterruptedIOException.class);
    try (LoadedModels.Loan loan = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      assertThat(loan.scorer().bundle().name()).isEqualTo("another");
      assertThat(loan.waited()).hasValueSatisfying(wait -> assertThat(wait.loaded()).isTrue());
    }
  }

  private static LoadedModels.Loan borrow(ModelSource source) {
    return LoadedModels.shared().borrow(source, SessionOptions.SINGLE_THREAD);
  }

  /** A local disk on which one read lasts until its thread is interrupted. */
  public static final class HeldFileSystem extends RawLocalFileSystem {
    private static CountDownLatch reached = new CountDownLatch(0);

    static void hold() {
      reached = new CountDownLatch(1);
    }

    @Override
    public URI getUri() {
      return URI.create("held:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bytes) throws IOException {
      if (reached.getCount() > 0) {
        reached.countDown();
        try {
          new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new InterruptedIOException("a read was interrupted");
        }
      }
      return super.open(file, bytes);
    }
  }
}
