package io.lepton.spark;

import io.lepton.spark.averaging.Spike;
import java.util.List;

/** Told how a training goes, on the thread that trains. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** Several that are told one after the other. */
  static TrainingListener all(List<TrainingListener> listeners) {
    return new AllListeners(listeners);
  }

  /** A phase begins. */
  default void phase(Phase phase) {}

  /** So many weights start from values that were given, those of an earlier model among them. */
  default void started(int weights) {}

  /** The precision is settled, before the first round. */
  default void precision(PrecisionReport report) {}

  /** A round ended. */
  default void round(RoundReport report) {}

  /** A round is undone, and the next one starts where an earlier one did. */
  default void rolledBack(Spike spike) {}

  /** A knob was turned. */
  default void adapted(Adaptation adaptation) {}

  /** An epoch ended, evaluation included. */
  default void epoch(EpochReport report) {}
}
