package io.lepton.spark;

import java.util.EnumMap;
import java.util.Map;

/** Seconds by phase. One thread. */
public final class PhaseClock {
  private final Map<Phase, Double> seconds = new EnumMap<>(Phase.class);

  public PhaseClock() {
    for (Phase phase : Phase.values()) {
      seconds.put(phase, 0.0);
    }
  }

  /** Adds to a phase. */
  public void add(Phase phase, double more) {
    seconds.merge(phase, more, Double::sum);
  }

  /** Seconds of every phase. */
  public Map<Phase, Double> seconds() {
    return Map.copyOf(seconds);
  }
}
