package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.Address;
import java.util.List;
import java.util.TreeMap;

/** The driver's part of a round, for benchmarks. */
public final class FoldProbe {
  private FoldProbe() {}

  /** {@code start + mean of deltas} of equal weight. */
  public static FlatVector fold(FlatVector start, List<Address> deltas) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    for (Address delta : deltas) {
      parts.put(parts.size(), new DeltaFold.Part(delta, 0, 1));
    }
    return new DeltaFold(start, parts, DeltaForm.plain(start.size()), new Mean()).run();
  }

  private static final class Mean implements MeanMove {
    @Override
    public void begin() {}

    @Override
    public void move(FlatVector start, double[] mean, int from, int count, FlatVector result) {
      for (int i = 0; i < count; i++) {
        result.set(from + i, (float) (start.get(from + i) + mean[i]));
      }
    }
  }
}
