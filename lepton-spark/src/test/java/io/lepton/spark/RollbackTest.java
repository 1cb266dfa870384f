package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.Rollback;
import io.lepton.spark.averaging.Spike;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Rates so high that steps overshoot more and more: the bias doubles its error in each. */
class RollbackTest {
  private static final double TOO_HIGH = 1.5;
  private static final int ROWS = 64;

  @Test
  void aRateThatIsTooHighIsLoweredUntilTheTrainingGoesWell() {
    Heard log = new Heard();
    TrainingResult saved = train(TOO_HIGH, new Rollback(3, 0.5, 3), 30, ROWS, log);
    TrainingResult lost = train(TOO_HIGH, Rollback.NEVER, 30, ROWS, TrainingListener.NONE);

    assertThat(saved.bestEpoch().loss()).isLessThan(0.01);
    assertThat(last(saved).loss()).isLessThan(0.01);
    assertThat(last(lost).loss()).isGreaterThan(1e6);
    assertThat(saved.rounds()).isEqualTo(30);
    assertThat(log.spikes()).hasSize(1);
    assertThat(log.adaptations())
        .containsExactly(
            new Adaptation(
                Adaptation.LEARNING_RATE,
                1.5,
                0.75,
                log.spikes().get(0).reason(),
                log.spikes().get(0).round() + 1));
  }

  @Test
  void theRoundsThatAreUndoneAreThoseThatAPlainLoopFinds() {
    Heard log = new Heard();
    train(TOO_HIGH, new Rollback(2, 0.8, 9), 30, ROWS, log);

    List<Integer> expected = new ArrayList<>();
    List<Double> good = new ArrayList<>();
    for (RoundReport round : log.rounds()) {
      double weights = 0;
      double sum = 0;
      for (int i = 0; i < good.size(); i++) {
        double weight = Math.pow(0.9, good.size() - 1 - i);
        weights += weight;
        sum += weight * good.get(i);
      }
      if (good.size() >= 3 && round.loss() > 2 * sum / weights) {
        expected.add(round.round());
      } else {
        good.add(round.loss());
      }
    }
    assertThat(log.spikes()).extracting(Spike::round).containsExactlyElementsOf(expected);
    assertThat(expected).hasSizeGreaterThan(1);
  }

  @Test
  void theNextRoundStartsWhereTheLastGoodOneDid() {
    Heard log = new Heard();
    train(TOO_HIGH, new Rollback(3, 0.5, 3), 10, ROWS, log);

    Spike spike = log.spikes().get(0);
    RoundReport good = log.rounds().get(spike.good() - 1);
    RoundReport next = log.rounds().get(spike.round());
    assertThat(spike.good()).isEqualTo(spike.round() - 1);
    assertThat(next.loss()).isEqualTo(good.loss(), offset(1e-5 * good.loss()));
    assertThat(next.averages().movement().norm())
        .isEqualTo(good.averages().movement().norm() / 2, offset(1e-4));
    assertThat(log.rounds().get(spike.round() - 1).averages().movement().norm()).isZero();
  }

  @Test
  void aRoundWithoutAnyFiniteLossIsUndone() {
    Heard log = new Heard();
    TrainingResult result = train(1e30, new Rollback(3, 1e-31, 1), 20, 8, log);

    assertThat(log.spikes()).hasSize(1);
    assertThat(log.spikes().get(0).loss()).isNaN();
    assertThat(new TreeSet<>(log.rounds().get(1).averages().leftOut().keySet()))
        .containsExactly(0, 1);
    assertThat(last(result).loss()).isLessThan(0.1);
  }

  @Test
  void aTrainingThatRunsAwayTooOftenEnds() {
    Heard log = new Heard();
    assertThatThrownBy(() -> train(TOO_HIGH, new Rollback(3, 0.99, 2), 30, ROWS, log))
        .isInstanceOf(DivergenceException.class)
        .hasMessageMatching(
            "the loss must not run away, but the loss of round \\d+ was .*, more than 3.0 times its"
                + " moving average of .* after 2 rollbacks; lower the learning rate, which was 1\\.47.*");
    assertThat(log.spikes()).hasSize(2);
  }

  private static EpochReport last(TrainingResult result) {
    return result.epochs().get(result.epochs().size() - 1);
  }

  private static TrainingResult train(
      double rate, Rollback rollback, int epochs, int batchSize, TrainingListener listener) {
    Dataset<Row> data = Table.of(Cluster.local(), Table.rows(ROWS, 1, 1));
    TrainingOptions options =
        Table.options(epochs, batchSize, Averaging.plain(2, 1).with(rollback));
    return new Trainer(Table.job(Table.DATA, rate, options), listener, new PhaseClock())
        .train(data, data);
  }
}
