package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskWatchTest {
  private static final Duration LIMIT = Duration.ofMillis(700);
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final AtomicInteger ATTEMPTS = new AtomicInteger();

  private final SparkSession spark = Cluster.local();

  @BeforeEach
  void countAnew() {
    ATTEMPTS.set(0);
  }

  @Test
  void aTaskThatHangsOnceRunsAgain() throws Exception {
    try (TaskWatch watch = new TaskWatch(spark.sparkContext(), LIMIT)) {
      assertThat(watch.over(() -> run(1))).containsExactlyInAnyOrder(0, 1, 2);
    }
    assertThat(ATTEMPTS).hasValue(4);
  }

  @Test
  void whatHangsInEveryAttemptIsGivenUpByName() {
    try (TaskWatch watch = new TaskWatch(spark.sparkContext(), LIMIT)) {
      assertThatThrownBy(() -> watch.over(() -> run(Integer.MAX_VALUE)))
          .isInstanceOf(OverdueTaskException.class)
          .hasMessageMatching(
              "an attempt of a task must end within 0.7 seconds \\(cluster.task-timeout\\), but that"
                  + " of partition 1 in stage \\d+ on executor driver at \\S+ did not; it was the"
                  + " 4. of at most 4");
    }
  }

  /** Three partitions give their numbers; some first attempts of the second one never end. */
  private List<Integer> run(int hanging) {
    List<Integer> results = new ArrayList<>();
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Jobs.run(
        context.parallelize(List.of(0, 1, 2), 3),
        List.of(0, 1, 2),
        (task, rows) -> number(task, hanging),
        (place, number) -> results.add(number));
    return results;
  }

  private static int number(TaskContext task, int hanging) {
    ATTEMPTS.incrementAndGet();
    if (task.partitionId() == 1 && task.attemptNumber() < hanging) {
      try {
        NEVER.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("ended", e);
      }
    }
    return task.partitionId();
  }
}
