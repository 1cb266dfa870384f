package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.exchange.Address;
import java.util.List;
import java.util.TreeMap;

/** The driver's part of a round, for benchmarks. */
public final class FoldProbe {
  private FoldProbe() {}

  /** {@code start + mean of deltas} of equal weight, into a vector. */
  public static FlatVector fold(FlatVector start, List<Address> deltas, FlatVector result) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    for (Address delta : deltas) {
      parts.put(parts.size(), new DeltaFold.Part(delta, 0, 1));
    }
    OuterStep mean = new OuterStep(OuterOptimizer.PLAIN, WeightRanges.of(List.of()), start.size());
    return new DeltaFold(start, result, parts, DeltaForm.plain(start.size()), mean).run();
  }
}
