package io.lepton.spark;

/** Told how a training goes, on the thread that trains. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** A phase begins. */
  default void phase(Phase phase) {}

  /** So many weights start from values that were given, those of an earlier model among them. */
  default void started(int weights) {}

  /** The precision is settled, before the first round. */
  default void precision(PrecisionReport report) {}

  /** A round ended. */
  default void round(RoundReport report) {}

  /** An epoch ended, evaluation included. */
  default void epoch(EpochReport report) {}
}
