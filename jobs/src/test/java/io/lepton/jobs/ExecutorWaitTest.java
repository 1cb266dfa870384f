package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorWaitTest {
  @TempDir private Path directory;

  @Test
  void aMasterWithoutWorkersEndsTheCommandAtTheDeadline() throws IOException {
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 0, Map.of())) {
      CommandRun run =
          SmallJob.in(directory)
              .on(cluster.url())
              .run("train", "--set=cluster.executor-wait=1500 ms");

      assertThat(run.code()).as(run.err()).isEqualTo(1);
      assertThat(run.json().get("error").asText())
          .isEqualTo(
              cluster.url()
                  + " must give executors, but none came, and work has waited 1.5 seconds for one;"
                  + " see that its workers run and have 1024 MiB and all cores free"
                  + " (spark.executor.memory, .cores), or wait longer by cluster.executor-wait");
      assertThat(run.err()).doesNotContain("\tat ");
    }
  }
}
