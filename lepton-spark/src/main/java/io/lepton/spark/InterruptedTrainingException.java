package io.lepton.spark;

/** A training ended between two rounds because it was asked to. */
public final class InterruptedTrainingException extends RuntimeException {
  private final int round;
  private final boolean saved;

  InterruptedTrainingException(int round, boolean saved, String message) {
    super("interrupted after round %d; %s".formatted(round, message));
    this.round = round;
    this.saved = saved;
  }

  /** Rounds that were trained. */
  public int round() {
    return round;
  }

  /** Whether a checkpoint holds all of them. */
  public boolean saved() {
    return saved;
  }
}
