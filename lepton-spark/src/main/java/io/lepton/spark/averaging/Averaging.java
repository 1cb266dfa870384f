package io.lepton.spark.averaging;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.exchange.SideBySide;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * How replicas become one model.
 *
 * @param replicas logical copies of the model, trained side by side; {@link #AUTO} until it is
 *     known how many a cluster runs at a time
 * @param localSteps between two averages
 * @param outer what the driver does with the mean of their deltas
 * @param optimizerState what becomes of what local optimizers keep beside weights
 * @param codec in which deltas are sent
 * @param errorFeedback whether what the codec loses is added to the next delta of the same replica;
 *     without meaning for {@link DeltaCodec#FLOAT32}, which loses nothing
 * @param downCodec in which what changed of the parameters is sent to replicas
 * @param rollback when a round is undone
 * @param foldWidth how many deltas are folded at once, at least 2; where there are more, executors
 *     fold neighbours first
 * @param foldThreads of the driver that fold, at most {@link #MOST_FOLD_THREADS}; {@link #AUTO} for
 *     as many as it has cores, but no more than that
 * @param rateScale what replicas make of the learning rate
 */
public record Averaging(
    int replicas,
    LocalSteps localSteps,
    OuterOptimizer outer,
    OptimizerState optimizerState,
    DeltaCodec codec,
    boolean errorFeedback,
    DeltaCodec downCodec,
    Rollback rollback,
    int foldWidth,
    int foldThreads,
    RateScale rateScale)
    implements Serializable {
  /** As many replicas as run at a time, or threads as there are cores. */
  public static final int AUTO = 0;

  /** As many as any work of one process is divided among. */
  public static final int MOST_FOLD_THREADS = SideBySide.MOST;

  /** What becomes of the state of the local optimizers between rounds. */
  public enum OptimizerState {
    /**
     * Averaged as the weights are, so that replicas go on alike; it is part of every delta, which
     * with Adam is three times the bytes of the weights alone.
     */
    AVERAGED,
    /**
     * Each replica's own from round to round: deltas are of the model alone and moments go on, but
     * they are those of one replica's examples, and they stay in its process, whose end loses them:
     * the replica then begins anew.
     */
    KEPT,
    /**
     * New in every round: deltas are of the model alone, but moments need some steps to grow again,
     * which many local steps make up for and few do not.
     */
    RESET
  }

  /** How many deltas are folded at once where nothing is said. */
  public static final int FOLD_WIDTH = 16;

  public Averaging {
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas must be positive or AUTO, but was: " + replicas);
    }
    if (foldWidth < 2) {
      throw new IllegalArgumentException("fold-width must be at least 2, but was: " + foldWidth);
    }
    if (foldThreads < 0 || foldThreads > MOST_FOLD_THREADS) {
      throw new IllegalArgumentException(
          "fold-threads must be from 1 to %d or AUTO, but was: %d"
              .formatted(MOST_FOLD_THREADS, foldThreads));
    }
  }

  /** Parameters are sent whole, as they are, and no round is ever undone. */
  public Averaging(
      int replicas,
      LocalSteps localSteps,
      OuterOptimizer outer,
      OptimizerState optimizerState,
      DeltaCodec codec,
      boolean errorFeedback) {
    this(
        replicas,
        localSteps,
        outer,
        optimizerState,
        codec,
        errorFeedback,
        DeltaCodec.FLOAT32,
        Rollback.NEVER,
        FOLD_WIDTH,
        AUTO,
        RateScale.NONE);
  }

  /** Plain averages, state included, every so many steps. */
  public static Averaging plain(int replicas, int localSteps) {
    return new Averaging(
        replicas,
        new LocalSteps.Fixed(localSteps),
        OuterOptimizer.PLAIN,
        OptimizerState.AVERAGED,
        DeltaCodec.FLOAT32,
        true);
  }

  /** The same with so many replicas. */
  public Averaging withReplicas(int other) {
    return changed(draft -> draft.replicas = other);
  }

  /** The same, but rounds are undone when another rule says. */
  public Averaging with(Rollback other) {
    return changed(draft -> draft.rollback = other);
  }

  /** The same, but changes of the parameters are sent in another codec. */
  public Averaging withDownCodec(DeltaCodec other) {
    return changed(draft -> draft.downCodec = other);
  }

  /** The same, but so many deltas are folded at once. */
  public Averaging withFoldWidth(int other) {
    return changed(draft -> draft.foldWidth = other);
  }

  /** The same, but replicas make something else of the learning rate. */
  public Averaging with(RateScale other) {
    return changed(draft -> draft.rateScale = other);
  }

  private Averaging changed(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return new Averaging(
        draft.replicas,
        localSteps,
        outer,
        optimizerState,
        codec,
        errorFeedback,
        draft.downCodec,
        draft.rollback,
        draft.foldWidth,
        foldThreads,
        draft.rateScale);
  }

  /** What may change. */
  private final class Draft {
    private int replicas = Averaging.this.replicas;
    private DeltaCodec downCodec = Averaging.this.downCodec;
    private Rollback rollback = Averaging.this.rollback;
    private int foldWidth = Averaging.this.foldWidth;
    private RateScale rateScale = Averaging.this.rateScale;
  }
}
