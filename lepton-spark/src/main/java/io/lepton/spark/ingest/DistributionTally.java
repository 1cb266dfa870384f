package io.lepton.spark.ingest;

import io.lepton.spark.data.NumberOptions;
import java.util.List;

/** Distributions of the numbers of a column, one for each position. */
abstract class DistributionTally extends Tally {
  private final NumberType type;
  private final List<Distribution> positions;

  DistributionTally(String column, NumberType type, List<NumberOptions> positions) {
    super(column);
    this.type = type;
    this.positions = positions.stream().map(Distribution::new).toList();
  }

  final NumberType type() {
    return type;
  }

  final List<Distribution> positions() {
    return positions;
  }

  final void add(int element, double value) {
    if (Double.isFinite(value)) {
      positions.get(element % positions.size()).add(value);
    }
  }

  @Override
  final void merge(Tally other) {
    List<Distribution> others = ((DistributionTally) other).positions;
    for (int i = 0; i < positions.size(); i++) {
      positions.get(i).merge(others.get(i));
    }
  }
}
