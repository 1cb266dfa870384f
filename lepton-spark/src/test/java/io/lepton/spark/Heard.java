package io.lepton.spark;

import io.lepton.spark.averaging.Spike;
import java.util.ArrayList;
import java.util.List;

/** What a training told, in order. */
final class Heard implements TrainingListener {
  private final List<RoundReport> rounds = new ArrayList<>();
  private final List<Spike> spikes = new ArrayList<>();
  private final List<Adaptation> adaptations = new ArrayList<>();

  List<RoundReport> rounds() {
    return rounds;
  }

  List<Spike> spikes() {
    return spikes;
  }

  List<Adaptation> adaptations() {
    return adaptations;
  }

  @Override
  public void round(RoundReport report) {
    rounds.add(report);
  }

  @Override
  public void rolledBack(Spike spike) {
    spikes.add(spike);
  }

  @Override
  public void adapted(Adaptation adaptation) {
    adaptations.add(adaptation);
  }
}
