package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.RateScale;
import io.lepton.spark.averaging.Rollback;
import io.lepton.tf.schedule.Span;
import io.lepton.tf.schedule.Span.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragingSectionTest {
  @TempDir Path directory;

  @Test
  void silenceMeansPlainAveragesEveryFiftyStepsOfAsManyReplicasAsRunAtATime() {
    assertThat(load("").averaging()).isEqualTo(Averaging.plain(Averaging.AUTO, 50));
    assertThat(load("averaging.replicas = auto").averaging().replicas()).isEqualTo(Averaging.AUTO);
    assertThat(load("averaging.replicas = 5").averaging().replicas()).isEqualTo(5);
    assertThat(load("session.deterministic = true").averaging().replicas()).isEqualTo(2);
  }

  @Test
  void replicasByTheClusterContradictTheSameBitsOnEveryCluster() {
    assertThat(problem("averaging.replicas = auto, session.deterministic = true"))
        .contains("averaging.replicas = \"auto\"")
        .endsWith(
            "must be a number where session.deterministic = true, as clusters differ; set one, such"
                + " as 2");
    assertThat(problem("averaging.replicas = 0"))
        .endsWith(
            "must be a whole number from 1 to 2147483647, or must be auto; give one in this range,"
                + " or choose one");
  }

  @Test
  void localStepsAreANumberOrARule() {
    assertThat(localSteps("= 16")).isEqualTo(new LocalSteps.Fixed(16));
    assertThat(localSteps(".quadratic { alpha = 0.02, least = 4 }"))
        .isEqualTo(new LocalSteps.Quadratic(4, 0.02));
    assertThat(localSteps(".quadratic { alpha = 0.02 }"))
        .isEqualTo(new LocalSteps.Quadratic(50, 0.02));
    assertThat(localSteps(".timed { time = 20 seconds }"))
        .isEqualTo(new LocalSteps.Timed(Duration.ofSeconds(20), 50));
    assertThat(localSteps(".auto {}")).isEqualTo(new LocalSteps.Auto(0.05, 50, 1000));
    assertThat(localSteps(".auto { share = 0.2, first = 5, most = 80 }"))
        .isEqualTo(new LocalSteps.Auto(0.2, 5, 80));
  }

  @Test
  void anotherRuleFollowsASynchronousStart() {
    assertThat(localSteps(".post-local { synchronous-epochs = 2, local-steps = 16 }"))
        .isEqualTo(new LocalSteps.PostLocal(new Span(2, Unit.EPOCHS), new LocalSteps.Fixed(16)));
    assertThat(
            localSteps(
                ".post-local { synchronous-steps = 9, local-steps.quadratic { alpha = 1 } }"))
        .isEqualTo(
            new LocalSteps.PostLocal(new Span(9, Unit.STEPS), new LocalSteps.Quadratic(50, 1)));
  }

  @Test
  void outerOptimizersHaveTheDefaultsThatTheDocumentationSays() {
    assertThat(outer("momentum {}")).isEqualTo(new OuterOptimizer.Momentum(1, 0.9, false));
    assertThat(outer("nesterov {}")).isEqualTo(new OuterOptimizer.Momentum(0.7, 0.9, true));
    assertThat(outer("adam {}")).isEqualTo(new OuterOptimizer.Adam(0.01, 0.9, 0.99, 1e-8));
    assertThat(outer("adam { rate = 0.1, beta1 = 0.2, beta2 = 0.3, epsilon = 0.4 }"))
        .isEqualTo(new OuterOptimizer.Adam(0.1, 0.2, 0.3, 0.4));
  }

  @Test
  void theStateOfLocalOptimizersIsAveragedOrNew() {
    assertThat(load("averaging.optimizer-state = reset").averaging().optimizerState())
        .isEqualTo(Averaging.OptimizerState.RESET);
    assertThat(load("averaging.optimizer-state = kept").averaging().optimizerState())
        .isEqualTo(Averaging.OptimizerState.KEPT);
  }

  @Test
  void sixteenDeltasAreFoldedAtOnceUnlessAnotherNumberIsSet() {
    assertThat(load("").averaging().foldWidth()).isEqualTo(16);
    assertThat(load("averaging.fold-width = 3").averaging().foldWidth()).isEqualTo(3);
    assertThat(problem("averaging.fold-width = 1"))
        .contains("averaging.fold-width = 1 (job.conf: 9): must be a whole number from 2 ");
  }

  @Test
  void theDriverFoldsOnAsManyThreadsAsItHasCoresUnlessANumberIsSet() {
    assertThat(load("").averaging().foldThreads()).isEqualTo(Averaging.AUTO);
    assertThat(load("averaging.fold-threads = auto").averaging().foldThreads())
        .isEqualTo(Averaging.AUTO);
    assertThat(load("averaging.fold-threads = 3").averaging().foldThreads()).isEqualTo(3);
    assertThat(problem("averaging.fold-threads = 5"))
        .contains("averaging.fold-threads = 5 (job.conf: 9): must be a whole number from 1 to 4");
  }

  @Test
  void theRateIsWhatIsSetUnlessReplicasScaleIt() {
    assertThat(load("").averaging().rateScale()).isEqualTo(RateScale.NONE);
    assertThat(load("averaging.learning-rate-scale = square-root").averaging().rateScale())
        .isEqualTo(RateScale.SQUARE_ROOT);
    assertThat(problem("averaging.learning-rate-scale = cubic"))
        .contains(
            "averaging.learning-rate-scale = \"cubic\" (job.conf: 9): must be one of none, square-root, linear");
  }

  @Test
  void roundsAreUndoneOnlyIfThatIsWanted() {
    assertThat(load("").averaging().rollback()).isEqualTo(Rollback.NEVER);
    assertThat(load("averaging.rollback {}").averaging().rollback())
        .isEqualTo(new Rollback(3, 0.5, 3));
    assertThat(
            load("averaging.rollback { spike = 2, rate-factor = 1, most = 7 }")
                .averaging()
                .rollback())
        .isEqualTo(new Rollback(2, 1, 7));
    assertThat(problem("averaging.rollback.spike = 1"))
        .contains("averaging.rollback.spike = 1 (job.conf: 9): must be above 1;");
    assertThat(problem("averaging.rollback.rate-factor = 2"))
        .contains(
            "averaging.rollback.rate-factor = 2 (job.conf: 9): must be above 0 and at most 1;");
  }

  @Test
  void aRuleWithoutWhatItNeedsIsAProblem() {
    assertThat(problem("averaging.local-steps.quadratic {}"))
        .contains("averaging.local-steps.quadratic.alpha");
    assertThat(problem("averaging.local-steps.timed.time = 20"))
        .contains("must be a time with a unit");
    assertThat(problem("averaging.local-steps.post-local { local-steps = 3 }"))
        .contains("synchronous-steps");
    assertThat(problem("averaging.local-steps.auto { first = 9, most = 5 }"))
        .contains("auto.first = 9")
        .contains("must be at most most, but they were: 9 and 5");
    assertThat(problem("averaging.local-steps.quadratik {}")).contains("quadratic");
  }

  @Test
  void stepsThatAreMeasuredAreRefusedWhereBitsMustBeTheSame() {
    assertThat(problem("averaging.local-steps.auto {}, session.deterministic = true"))
        .contains("averaging.local-steps")
        .contains("must not be measured where session.deterministic = true");
    assertThat(problem("averaging.local-steps.timed.time = 1s, session.deterministic = true"))
        .contains("set a number of steps or quadratic, or session.deterministic = false");
    assertThat(load("averaging.local-steps = 7, session.deterministic = true").session())
        .extracting(SessionSection::deterministic)
        .isEqualTo(true);
  }

  @Test
  void aCodecTooCoarseForTheStateOfTheOptimizerIsRefused() {
    assertThat(problem("averaging.codec = int8"))
        .contains("averaging.codec = \"int8\"")
        .contains("averaging.optimizer-state = averaged")
        .contains("set optimizer-state = kept or reset");
    assertThat(load("averaging { codec = int8, optimizer-state = reset }").averaging().codec())
        .isEqualTo(DeltaCodec.INT8);
    assertThat(load("averaging.codec = bfloat16").averaging().codec())
        .isEqualTo(DeltaCodec.BFLOAT16);
  }

  @Test
  void aCodecOfChangesTooCoarseForTheStateOfTheOptimizerIsRefused() {
    assertThat(problem("averaging.down-codec = float16"))
        .contains("averaging.down-codec = \"float16\"")
        .contains("averaging.optimizer-state = averaged")
        .contains("or down-codec = bfloat16");
    assertThat(load("averaging { down-codec = int4, optimizer-state = kept }").averaging())
        .extracting(Averaging::codec, Averaging::downCodec)
        .containsExactly(DeltaCodec.FLOAT32, DeltaCodec.INT4);
    assertThat(load("averaging.codec = bfloat16").averaging().downCodec())
        .isEqualTo(DeltaCodec.FLOAT32);
  }

  @Test
  void aCodecMayBeCoarseWhereNoSquaresAreKept() {
    assertThat(
            JobFile.minimalAnd(directory, "averaging.codec = int4", "training.optimizer.sgd {}")
                .load()
                .averaging()
                .codec())
        .isEqualTo(DeltaCodec.INT4);
  }

  private LocalSteps localSteps(String text) {
    return load("averaging.local-steps" + text).averaging().localSteps();
  }

  private OuterOptimizer outer(String text) {
    return load("averaging.outer." + text).averaging().outer();
  }

  private JobConfiguration load(String line) {
    return JobFile.minimalAnd(directory, line).load();
  }

  private String problem(String line) {
    List<String> problems = JobFile.minimalAnd(directory, line).problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}
