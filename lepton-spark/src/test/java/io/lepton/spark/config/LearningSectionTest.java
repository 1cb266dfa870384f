package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.BatchGrowth;
import io.lepton.spark.Ema;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import io.lepton.tf.schedule.Span.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningSectionTest {
  @TempDir Path directory;

  @Test
  void optimizersHaveTheDefaultsThatTheDocumentationSays() {
    List<String> decayed = List.of("*/bias", "*/gamma", "*/beta");
    assertThat(optimizer("nesterov")).isEqualTo(new Optimizer.Nesterov(0.01, 0.9));
    assertThat(optimizer("adamw"))
        .isEqualTo(new Optimizer.AdamW(1e-3, 0.9, 0.999, 1e-7, 0.004, decayed));
    assertThat(optimizer("adagrad")).isEqualTo(new Optimizer.Adagrad(1e-3, 0.1, 1e-7));
    assertThat(optimizer("rmsprop")).isEqualTo(new Optimizer.RmsProp(1e-3, 0.9, 0, 1e-7, false));
    assertThat(optimizer("lamb")).isEqualTo(new Optimizer.Lamb(1e-3, 0.9, 0.999, 1e-7, 0, decayed));
    assertThat(optimizer("adafactor"))
        .isEqualTo(new Optimizer.Adafactor(1e-3, -0.8, 1e-30, 1e-3, 1));
    assertThat(optimizer("lion")).isEqualTo(new Optimizer.Lion(1e-3, 0.9, 0.99, 0, decayed));
  }

  @Test
  void optimizersTakeTheirOptions() {
    assertThat(
            load("training.optimizer.adamw { learning-rate = 0.1, beta1 = 0.5, beta2 = 0.6,"
                    + " epsilon = 0.2, weight-decay = 0.3, not-decayed = \"norm*\" }")
                .optimizer())
        .isEqualTo(new Optimizer.AdamW(0.1, 0.5, 0.6, 0.2, 0.3, List.of("norm*")));
    assertThat(
            load("training.optimizer.rmsprop { learning-rate = 0.1, rho = 0.5, momentum = 0.6,"
                    + " epsilon = 0.2, centered = true }")
                .optimizer())
        .isEqualTo(new Optimizer.RmsProp(0.1, 0.5, 0.6, 0.2, true));
    assertThat(
            load("training.optimizer.adafactor { learning-rate = 0.1, beta2-decay = -0.5,"
                    + " epsilon1 = 0.2, epsilon2 = 0.3, clip-threshold = 2 }")
                .optimizer())
        .isEqualTo(new Optimizer.Adafactor(0.1, -0.5, 0.2, 0.3, 2));
    assertThat(
            load("training.optimizer.adagrad { initial-accumulator = 0, epsilon = 1e-3 }")
                .optimizer())
        .isEqualTo(new Optimizer.Adagrad(1e-3, 0, 1e-3));
  }

  @Test
  void schedulesTakeTheirOptions() {
    assertThat(schedule("constant {}")).isEqualTo(new Schedule.Constant());
    assertThat(schedule("steps { every-epochs = 2.5 }"))
        .isEqualTo(new Schedule.Steps(0.1, new Span(2.5, Unit.EPOCHS)));
    assertThat(schedule("exponential { every-steps = 10, decay = 0.9 }"))
        .isEqualTo(new Schedule.Exponential(0.9, new Span(10, Unit.STEPS)));
    assertThat(schedule("polynomial { end = 0.1, power = 2 }"))
        .isEqualTo(new Schedule.Polynomial(0.1, 2));
    assertThat(schedule("cosine { warm-up-steps = 100, cycle-epochs = 1, growth = 2 }"))
        .isEqualTo(
            new Schedule.WarmUp(
                new Span(100, Unit.STEPS), new Schedule.Cosine(0, new Span(1, Unit.EPOCHS), 2)));
    assertThat(schedule("one-cycle {}")).isEqualTo(new Schedule.OneCycle(0.04, 1e-4, 0.3));
    assertThat(schedule("plateau { decay = 0.5, patience = 3, least = 0.01 }"))
        .isEqualTo(new Schedule.Plateau(0.5, 3, 0.01));
    assertThat(load().trainingOptions().schedule()).isEqualTo(new Schedule.Constant());
  }

  @Test
  void gradientsPatternsAndAveragesAreRead() {
    JobConfiguration job =
        load(
            "training.gradients { clip-global-norm = 1.5, accumulate = 4 }",
            "training.frozen = [\"embedding/*\"]",
            "training.learning-rates { \"head/*\" = 10 }",
            "training.ema { decay = 0.99, bias-correction = false }");
    assertThat(job.trainingJob().updates())
        .isEqualTo(
            new UpdateOptions(
                new Clipping.ByGlobalNorm(1.5),
                4,
                false,
                List.of("embedding/*"),
                Map.of("head/*", 10.0)));
    assertThat(job.trainingOptions().ema()).isEqualTo(Optional.of(new Ema(0.99, false)));
    assertThat(load("training.ema {}").trainingOptions().ema())
        .isEqualTo(Optional.of(new Ema(0.999, true)));
    assertThat(load("training.gradients { clip-value = 2, lazy = true }").trainingJob().updates())
        .isEqualTo(new UpdateOptions(new Clipping.ByValue(2), 1, true, List.of(), Map.of()));
    assertThat(load("training.gradients.clip-norm = 3").trainingJob().updates().clipping())
        .isEqualTo(new Clipping.ByNorm(3));
  }

  @Test
  void contradictionsAreRefused() {
    assertThat(problem("training.gradients { clip-norm = 1, clip-value = 2 }"))
        .isEqualTo(
            "training.gradients.clip-value = 2 (job.conf: 9): contradicts"
                + " training.gradients.clip-norm = 1 (job.conf: 9); keep one of the two");
    assertThat(problem("training.gradients { lazy = true, accumulate = 2 }"))
        .startsWith("training.gradients.lazy = true (job.conf: 9): updates must be of one step");
    assertThat(
            problem(
                "training.learning-rate-schedule.cosine { warm-up-steps = 1, warm-up-epochs = 1 }"))
        .contains("contradicts training.learning-rate-schedule.cosine.warm-up-epochs = 1");
    assertThat(problem("training.learning-rate-schedule.steps {}"))
        .endsWith(
            "must be set, or else training.learning-rate-schedule.steps.every-epochs; add one of"
                + " the two");
    assertThat(problem("training.learning-rate-schedule.cosin {}"))
        .endsWith("did you mean cosine?");
    assertThat(problem("training.learning-rates { \"head/*\" = 0 }"))
        .isEqualTo(
            "training.learning-rates.\"head/*\" = 0 (job.conf: 9): must be a number above 0; give"
                + " one such as 0.001");
  }

  @Test
  void theBatchGrowsAfterEpochsOrOnAPlateau() {
    assertThat(load().trainingOptions().growth()).isEmpty();
    assertThat(growth("{ most = 256, after-epochs = [1, 3] }"))
        .contains(new BatchGrowth(2, 256, List.of(1, 3), 0));
    assertThat(growth("{ most = 65, factor = 1.5, every-epochs = 4 }"))
        .contains(new BatchGrowth(1.5, 65, List.of(), 4));
    assertThat(
            load("training.batch-growth.most = 100", "training.learning-rate-schedule.plateau {}")
                .trainingOptions()
                .growth())
        .contains(new BatchGrowth(2, 100, List.of(), 0));
  }

  @Test
  void aBatchThatCannotGrowIsRefused() {
    assertThat(problem("training.batch-growth { most = 64, every-epochs = 1 }"))
        .isEqualTo(
            "training.batch-growth.most = 64 (job.conf: 9): must be above training.batch-size ="
                + " 64; give more, or leave batch-growth out");
    assertThat(problem("training.batch-growth { most = 128 }"))
        .endsWith(
            "must be set, or else every-epochs, unless training.learning-rate-schedule is a"
                + " plateau; say when the batch grows");
    assertThat(problem("training.batch-growth { most = 128, every-epochs = 1, after-epochs = 2 }"))
        .contains("contradicts training.batch-growth.every-epochs = 1");
    assertThat(problem("training.batch-growth { most = 128, after-epochs = [1, 5] }"))
        .contains("must be below training.epochs = 5, as nothing comes after the last");
    assertThat(problem("training.batch-growth { most = 128, every-epochs = 5 }"))
        .contains("must be below training.epochs = 5, as nothing comes after the last");
    assertThat(problem("training.batch-growth { most = 128, every-epochs = 1, factor = 1 }"))
        .contains("must be a number above 1");
    assertThat(problem("training.batch-growth { every-epochs = 1 }"))
        .contains("training.batch-growth.most")
        .contains("must be set");
  }

  private Optional<BatchGrowth> growth(String text) {
    return load("training.batch-growth " + text).trainingOptions().growth();
  }

  private Optimizer optimizer(String kind) {
    return load("training.optimizer." + kind + " {}").optimizer();
  }

  private Schedule schedule(String text) {
    return load("training.learning-rate-schedule." + text).trainingOptions().schedule();
  }

  private JobConfiguration load(String... lines) {
    return JobFile.minimalAnd(directory, lines).load();
  }

  private String problem(String line) {
    List<String> problems = JobFile.minimalAnd(directory, line).problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}
