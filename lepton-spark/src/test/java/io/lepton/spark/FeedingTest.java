package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.TensorLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sessions are lent while a table of 20 chunks a replica is trained on, eight at a time. */
class FeedingTest {
  private static final int CHUNKS = 20;
  private static final int SLOTS = 8;
  private static final int COLUMNS = 2;
  private static final int EPOCHS = 2;

  private static final class Rounds implements TrainingListener {
    private final List<Long> chunksLent = new ArrayList<>();
    private int leases;

    @Override
    public void round(RoundReport report) {
      chunksLent.add(report.chunksLent());
      leases = Math.max(leases, TensorLease.outstanding());
    }

    long total() {
      return chunksLent.stream().mapToLong(Long::longValue).sum();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    Deadline.await(Duration.ofSeconds(10), "leases returned", () -> TensorLease.outstanding() == 0);
    Deadline.await(Duration.ofSeconds(10), "threads ended", () -> threads() == 0);
  }

  @Test
  void aChunkIsLentOnceAnEpochHoweverManyRoundsAWindowTakes() {
    Rounds rounds = new Rounds();
    TrainingResult result = train(Cluster.local(), 1, 3, rounds);

    assertThat(result.compiled().program().slots()).hasSize(SLOTS);
    assertThat(rounds.chunksLent).hasSizeGreaterThan(2 * EPOCHS * CHUNKS / SLOTS);
    assertThat(rounds.chunksLent.get(0)).isEqualTo(2 * SLOTS);
    assertThat(rounds.chunksLent.get(1)).isZero();
    assertThat(rounds.total()).isEqualTo((long) EPOCHS * CHUNKS);
    assertThat(result.epochs()).allMatch(epoch -> epoch.bytesCopied() == 0);
  }

  @Test
  void noMoreThanTwoWindowsAreLentFromRoundToRound() {
    Rounds rounds = new Rounds();
    TrainingResult result = train(Cluster.local(), 1, 3, rounds);

    int variables = result.compiled().program().variables().size();
    assertThat(rounds.leases).isBetween(SLOTS * COLUMNS, 2 * SLOTS * COLUMNS + variables);
  }

  @Test
  void replicasThatTakeTurnsOnASessionGetTheBitsOfASessionEach() {
    Rounds inTurns = new Rounds();
    Rounds atOnce = new Rounds();

    TrainingResult alone = train(Cluster.on("local[1]", Map.of()), 2, 3, inTurns);
    TrainingResult together = train(Cluster.local(), 2, 3, atOnce);

    assertThat(inTurns.chunksLent.get(1)).isGreaterThanOrEqualTo(2 * SLOTS);
    assertThat(together.parametersSha256()).isEqualTo(alone.parametersSha256());
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lepton-window-feed"))
        .count();
  }

  private static TrainingResult train(
      SparkSession spark, int replicas, int localSteps, TrainingListener listener) {
    Dataset<Row> rows =
        spark
            .range(0, 40 * CHUNKS, 1, CHUNKS)
            .selectExpr(
                "float(sin(id)) as x0",
                "float(sin(2 * id)) as x1",
                "float(sin(3 * id)) as x2",
                "float(cos(id)) as y");
    Dataset<Row> validation = Table.of(spark, Table.rows(50, 6, 1));
    TrainingJob job = Table.job(Table.DATA, 0.05, Table.options(EPOCHS, 10, replicas, localSteps));
    return new Trainer(job, listener, new PhaseClock()).train(rows, validation);
  }
}
