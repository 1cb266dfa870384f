package io.lepton.spark.averaging;

import java.util.Optional;

/**
 * Finds rounds whose loss runs away. The moving average of losses gives each round a tenth of the
 * weight of all before it, and nothing is compared with fewer than three rounds. It depends on
 * losses alone, so that it finds the same in every run. One thread.
 */
public final class SpikeWatch {
  private static final double KEPT = 0.9;
  private static final int FEWEST = 3;

  private final Rollback rollback;
  private State state = State.START;

  /**
   * What it knows between rounds.
   *
   * @param gathered losses, each times its share of the average
   * @param rounds that went well
   * @param rollbacks so far
   * @param rateFactor of all of them
   * @param good the last round that went well; 1 before the first
   */
  public record State(double gathered, int rounds, int rollbacks, double rateFactor, int good) {
    /** Before the first round. */
    public static final State START = new State(0, 0, 0, 1, 1);

    /** Moving average of the losses; NaN before the first. */
    public double average() {
      return gathered / (1 - Math.pow(KEPT, rounds));
    }

    private State with(int round, double loss) {
      return new State(
          KEPT * gathered + (1 - KEPT) * loss, rounds + 1, rollbacks, rateFactor, round);
    }

    private State rolledBack(double factor) {
      return new State(gathered, rounds, rollbacks + 1, rateFactor * factor, good);
    }
  }

  public SpikeWatch(Rollback rollback) {
    this.rollback = rollback;
  }

  /**
   * Whether the loss of the next round ran away; if not, the round counts.
   *
   * @param loss mean of the round; NaN if there is none that is finite
   */
  public Optional<Spike> judge(int round, double loss) {
    if (!rollback.isPossible()) {
      return Optional.empty();
    }
    if (!Double.isFinite(loss) || (state.rounds() >= FEWEST && loss > largest())) {
      return Optional.of(new Spike(round, loss, state.average(), rollback.spike(), state.good()));
    }
    state = state.with(round, loss);
    return Optional.empty();
  }

  /** Whether the training may go back once more. */
  public boolean isPatient() {
    return state.rollbacks() < rollback.most();
  }

  /** The training went back. */
  public void rolledBack() {
    state = state.rolledBack(rollback.rateFactor());
  }

  /** Factor of the learning rate. */
  public double rateFactor() {
    return state.rateFactor();
  }

  public State state() {
    return state;
  }

  /** Goes on from what {@link #state} gave. */
  public void restore(State saved) {
    state = saved;
  }

  /** Of losses below zero as far above the average as of those above. */
  private double largest() {
    double average = state.average();
    return average + (rollback.spike() - 1) * Math.abs(average);
  }
}
