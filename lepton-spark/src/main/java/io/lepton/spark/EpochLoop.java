package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.CheckpointReport;
import io.lepton.spark.checkpoint.CheckpointWriter;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.MetricSums;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Epochs of rounds, an evaluation after each, and checkpoints between rounds, from wherever the
 * training starts to its end. One thread.
 */
final class EpochLoop {
  private static final Duration LAST_CHECKPOINT = Duration.ofMinutes(5);
  private static final String BEST = "best";

  private final RoundLoop loop;
  private final ShardSet validation;
  private final EpochLog log;
  private final double learningRate;
  private final Recovery recovery;
  private final PhaseClock clock;
  private final TrainingListener listener;
  private final Optional<CheckpointWriter> writer;
  private Optional<CheckpointReport> checkpoints = Optional.empty();
  private TrainingState state;
  private MetricSums sums;

  /**
   * A training.
   *
   * @param loop with what the checkpoint to go on from holds of it
   * @param start where it stands
   */
  EpochLoop(
      RoundLoop loop,
      TrainingState start,
      ShardSet validation,
      EpochLog log,
      double learningRate,
      Recovery recovery,
      PhaseClock clock,
      TrainingListener listener) {
    this.loop = loop;
    this.state = start;
    this.sums = loop.sums(start.epochSums(), start.epochExamples());
    this.validation = validation;
    this.log = log;
    this.learningRate = learningRate;
    this.recovery = recovery;
    this.clock = clock;
    this.listener = listener;
    this.writer =
        recovery
            .store()
            .map(store -> new CheckpointWriter(store, start.rounds(), System::nanoTime));
    recovery.start().ifPresent(this::replay);
  }

  private void replay(Checkpoint start) {
    if (!state.epochs().isEmpty()) {
      FlatVector best = start.vector(BEST, loop.parameters().size());
      for (EpochReport epoch : state.epochs()) {
        log.add(epoch, best);
        loop.resizeBatches(epoch.epoch(), log.knobs().batchSize());
      }
    }
    loop.knobs().resume(log.knobs().rateFactor(), state.spikes());
  }

  /**
   * Trains to the end.
   *
   * @throws InterruptedTrainingException if it was asked to stop before
   * @throws DivergenceException if the loss runs away
   */
  EpochLog run() {
    recovery.stop().hear(true);
    try {
      while (log.goesOn()) {
        epoch();
      }
    } finally {
      recovery.stop().hear(false);
      close();
    }
    return log;
  }

  /** What became of the checkpoints, once it ran. */
  Optional<CheckpointReport> checkpoints() {
    return checkpoints;
  }

  private void epoch() {
    long start = System.nanoTime();
    long copiedBefore = loop.copiedTotal();
    int epoch = state.epoch();
    listener.phase(Phase.COMPUTE);
    while (state.step() < loop.steps(epoch)) {
      long step = loop.train(epoch, state.step(), sums);
      state = state.at(loop, epoch, step, sums, log.reports());
      betweenRounds(step == loop.steps(epoch));
    }
    listener.phase(Phase.EVALUATE);
    MetricSums validated = loop.evaluate(validation);
    if (!Double.isFinite(validated.loss())) {
      throw new DivergenceException(epoch + 1, validated.loss(), learningRate);
    }
    EpochReport report =
        new EpochReport(
            epoch + 1,
            sums.loss(),
            validated.loss(),
            Evaluation.metrics(validated),
            sums.examples(),
            (System.nanoTime() - start) / 1e9,
            loop.copiedTotal() - copiedBefore,
            log.isBetter(validated.value(log.metric())));
    log.add(report, loop.parameters());
    loop.knobs().reduceRates(log.knobs().rateFactor(), log.knobs().rateReason());
    if (log.goesOn()) {
      loop.knobs()
          .batchSize(loop.batchSize(epoch), log.knobs().batchSize(), log.knobs().batchReason());
      loop.resizeBatches(epoch + 1, log.knobs().batchSize());
    }
    sums = loop.sums(List.of(), 0);
    state = state.at(loop, epoch + 1, 0, sums, log.reports());
    save(log.score());
    listener.epoch(report);
    if (log.goesOn()) {
      stopIfAsked();
    }
  }

  private void betweenRounds(boolean epochEnds) {
    boolean due = !epochEnds && writer.filter(it -> it.isDue(loop.rounds())).isPresent();
    if (due || recovery.stop().isAsked()) {
      save(Double.NaN);
    }
    stopIfAsked();
  }

  private void stopIfAsked() {
    if (recovery.stop().isAsked()) {
      close();
      throw interrupted();
    }
  }

  private InterruptedTrainingException interrupted() {
    int round = loop.rounds();
    if (writer.isEmpty()) {
      return new InterruptedTrainingException(
          round, false, "nothing was saved, as checkpoints.directory is not set");
    }
    CheckpointReport report = checkpoints.orElseThrow();
    boolean saved = report.newest().equals(OptionalInt.of(round));
    return new InterruptedTrainingException(
        round,
        saved,
        saved
            ? "its checkpoint is written, and the same command goes on from there"
            : "its checkpoint could not be written: " + report.failure().orElse("unknown"));
  }

  private void save(double score) {
    if (writer.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    Map<String, String> documents = new HashMap<>(recovery.documents());
    documents.put(TrainingState.DOCUMENT, state.toJson());
    Map<String, FlatVector> vectors = new LinkedHashMap<>(loop.vectors());
    log.best().ifPresent(best -> vectors.put(BEST, best));
    Checkpoint checkpoint =
        new Checkpoint(loop.rounds(), score, documents, vectors, loop.distant());
    writer.get().offer(checkpoint, loop.copiedForVectors(), start);
    clock.add(Phase.CHECKPOINT, (System.nanoTime() - start) / 1e9);
  }

  private void close() {
    if (writer.isPresent() && checkpoints.isEmpty()) {
      long start = System.nanoTime();
      checkpoints = Optional.of(writer.get().close(LAST_CHECKPOINT));
      clock.add(Phase.CHECKPOINT, (System.nanoTime() - start) / 1e9);
    }
  }
}
