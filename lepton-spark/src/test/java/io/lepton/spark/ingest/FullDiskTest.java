package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.spark.ShardFiles;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir private Path directory;

  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mountASmallDisk() throws IOException {
    disk = Files.createDirectory(directory.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString());
    Assumptions.assumeTrue(mounted, "a test of a full disk must be allowed to mount a small one");
  }

  @AfterEach
  void unmount() throws IOException {
    if (mounted) {
      run("umount", "--lazy", disk.toString());
    }
  }

  @Test
  void aFullDiskIsToldAndNothingIsLeftOnIt() {
    Dataset<Row> data =
        Cluster.local().range(0, 100_000, 1, 2).selectExpr("double(id) as x", "float(id) as y");
    DataSpec spec =
        new DataSpec(
            List.of(InputSpec.numbers("x", List.of("x"), ElementType.FLOAT64, List.of())),
            new LabelSpec("y", 0),
            null);
    DataBinding binding = DataBinding.bind(spec, data.schema());
    Path shards = disk.resolve("shards");

    assertThatThrownBy(
            () ->
                Ingest.whole(
                        "the data", data, binding, 1, 8, new ShardStorage(shards.toString(), 0))
                    .close())
        .hasMessageContaining("ShardStorageException: shards need space in " + shards + ", but: ")
        .hasMessageContaining("; free some, or set shards.directory to another place");

    Duration time = Duration.ofSeconds(10);
    Deadline.await(time, "the disk is empty", () -> ShardFiles.below(shards).isEmpty());
    Deadline.await(time, "shards unmapped", () -> ExecutorMemory.SHARDS.getAllocatedMemory() == 0);
    assertThat(ExecutorMemory.INGEST.getAllocatedMemory()).isZero();
  }

  private static boolean run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
