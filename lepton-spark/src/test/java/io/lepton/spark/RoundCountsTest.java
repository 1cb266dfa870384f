package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a round costs wherever it runs: two epochs of 20 rounds of two replicas in one process. */
class RoundCountsTest {
  private static final int REPLICAS = 2;
  private static final int LOCAL_STEPS = 4;
  private static final int BATCH = 10;
  private static final int ROUNDS = 20;
  private static final int EPOCHS = 2;
  private static final int BEFORE_STEADY = 4;

  private final SparkSession spark = Cluster.local();
  private final Counts counts = new Counts(spark.sparkContext());
  private TrainingResult result;
  private int loadsBefore;

  private record Count(
      RoundReport report,
      int jobs,
      long broadcasts,
      long vectorBytes,
      int loads,
      long runs,
      long leases) {}

  /** Counts so far, at the end of each round. */
  private static final class Counts extends SparkListener implements TrainingListener {
    private final List<Count> rounds = new ArrayList<>();
    private final AtomicInteger jobs = new AtomicInteger();
    private final SparkContext context;

    Counts(SparkContext context) {
      this.context = context;
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      jobs.incrementAndGet();
    }

    @Override
    public void round(RoundReport report) {
      try {
        context.listenerBus().waitUntilEmpty(10_000);
      } catch (TimeoutException e) {
        throw new AssertionError(e);
      }
      // each broadcast has the next number, and so has this one
      long number = JavaSparkContext.fromSparkContext(context).broadcast(true).id();
      rounds.add(
          new Count(
              report,
              jobs.get(),
              number - rounds.size(),
              FlatVector.bytesAllocated(),
              SessionPool.shared().made(),
              ProgramSession.runs(),
              TensorLease.opened()));
    }
  }

  @BeforeEach
  void train() {
    spark.sparkContext().addSparkListener(counts);
    TrainingJob job =
        new TrainingJob(
            "counts",
            Table.DATA,
            Node.chain(
                new Layer.Dense(300, Activation.RELU, true),
                new Layer.Dense(1, Activation.LINEAR, true)),
            Objective.of(new Loss.SquaredError()),
            new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7),
            Table.options(EPOCHS, BATCH, REPLICAS, LOCAL_STEPS),
            0);
    loadsBefore = SessionPool.shared().made();
    result =
        new Trainer(job, counts, new PhaseClock())
            .train(
                Table.of(spark, Table.rows(ROUNDS * LOCAL_STEPS * REPLICAS * BATCH, 1, 1)),
                Table.of(spark, Table.rows(50, 2, 1)));
    assertThat(counts.rounds).hasSize(EPOCHS * ROUNDS);
  }

  @AfterEach
  void stop() {
    spark.sparkContext().removeSparkListener(counts);
  }

  @Test
  void aRoundIsOneSparkJobAndAnEvaluationAnother() {
    assertThat(increases(Count::jobs))
        .containsExactlyElementsOf(
            IntStream.range(1, EPOCHS * ROUNDS)
                .mapToObj(round -> round % ROUNDS == 0 ? 2L : 1L)
                .toList());
  }

  @Test
  void aRoundBroadcastsItsScopeAndSparksTask() {
    assertThat(increases(Count::broadcasts).subList(0, ROUNDS - 1)).containsOnly(2L);
  }

  @Test
  void aModelIsLoadedOnceForEachReplicaAtOnce() {
    assertThat(counts.rounds.get(0).loads() - loadsBefore).isEqualTo(REPLICAS);
    assertThat(increases(Count::loads)).containsOnly(0L);
  }

  @Test
  void aReplicaRunsItsGraphOnceToAssignOnceAStepAndOnceToRead() {
    assertThat(steady(Count::runs)).containsOnly(REPLICAS * (1L + LOCAL_STEPS + 1));
  }

  @Test
  void aReplicaLendsEachVariableAndFourFeedsAStep() {
    long variables = result.compiled().program().variables().size();
    assertThat(steady(Count::leases)).containsOnly(REPLICAS * (variables + 4L * LOCAL_STEPS));
  }

  @Test
  void aSteadyRoundAllocatesNoVectorOfTheModelsLength() {
    // a rate for each step on a boundary of its own, and a step's number that is not kept, twice
    long small = REPLICAS * (LOCAL_STEPS * 64L + 2 * Long.BYTES);
    assertThat(steady(Count::vectorBytes)).containsOnly(small);
  }

  @Test
  void parametersGoDownAndEachReplicasDeltaUp() {
    long bytes = result.compiled().program().vectorSize() * Float.BYTES;
    assertThat(counts.rounds).extracting(count -> count.report().bytesDown()).containsOnly(bytes);
    assertThat(counts.rounds)
        .extracting(count -> count.report().bytesUp())
        .containsOnly(REPLICAS * bytes);
  }

  @Test
  void noByteOfAnExampleIsCopiedAndEachChunkLentOnce() {
    assertThat(counts.rounds).allMatch(count -> count.report().bytesCopied() == 0);
    assertThat(counts.rounds).extracting(count -> count.report().chunksLent()).startsWith(2L);
    assertThat(counts.rounds.subList(1, ROUNDS))
        .allMatch(count -> count.report().chunksLent() == 0);
  }

  /** From each round of the first epoch to the next, once there is nothing left to set up. */
  private List<Long> steady(ToLongFunction<Count> what) {
    return increases(what).subList(BEFORE_STEADY, ROUNDS - 1);
  }

  /** From each round to the next. */
  private List<Long> increases(ToLongFunction<Count> what) {
    return IntStream.range(1, counts.rounds.size())
        .mapToObj(
            i ->
                what.applyAsLong(counts.rounds.get(i)) - what.applyAsLong(counts.rounds.get(i - 1)))
        .toList();
  }
}
