package io.lepton.spark;

import io.lepton.spark.averaging.Spike;
import java.util.List;

/** Tells several, one after the other. */
record AllListeners(List<TrainingListener> listeners) implements TrainingListener {
  AllListeners {
    listeners = List.copyOf(listeners);
  }

  @Override
  public void phase(Phase phase) {
    listeners.forEach(it -> it.phase(phase));
  }

  @Override
  public void started(int weights) {
    listeners.forEach(it -> it.started(weights));
  }

  @Override
  public void precision(PrecisionReport report) {
    listeners.forEach(it -> it.precision(report));
  }

  @Override
  public void round(RoundReport report) {
    listeners.forEach(it -> it.round(report));
  }

  @Override
  public void rolledBack(Spike spike) {
    listeners.forEach(it -> it.rolledBack(spike));
  }

  @Override
  public void adapted(Adaptation adaptation) {
    listeners.forEach(it -> it.adapted(adaptation));
  }

  @Override
  public void epoch(EpochReport report) {
    listeners.forEach(it -> it.epoch(report));
  }
}
