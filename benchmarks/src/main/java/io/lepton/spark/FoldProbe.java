package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.SideBySide;
import io.lepton.tf.Variable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;

/** The driver's part of a round, for benchmarks. */
public final class FoldProbe {
  private FoldProbe() {}

  /** {@code start + mean of deltas} of equal weight, into a vector. */
  public static FlatVector fold(
      FlatVector start, List<Address> deltas, FlatVector result, int threads) {
    OuterStep step = step(OuterOptimizer.PLAIN, start.size());
    return fold(start, deltas, DeltaCodec.FLOAT32, step, result, threads);
  }

  /** Threads that fold where nothing is said. */
  public static int threads() {
    return SideBySide.threads(Averaging.MOST_FOLD_THREADS);
  }

  /** An outer step of as many elements, all weights. */
  public static OuterStep step(OuterOptimizer optimizer, long size) {
    Variable all =
        new Variable("all", List.of((int) size), Variable.Role.WEIGHT, 0, "read:0", "feed:0");
    return new OuterStep(optimizer, WeightRanges.of(List.of(all)), size);
  }

  /** How a replica would send a delta. */
  public static List<ByteBuffer> encode(FlatVector delta, DeltaCodec codec) {
    return new DeltaForm(codec, false, delta.size()).encode(delta, null);
  }

  /** Parameters moved by the mean of deltas of equal weight, as the driver does in a round. */
  public static FlatVector fold(
      FlatVector start,
      List<Address> deltas,
      DeltaCodec codec,
      OuterStep step,
      FlatVector result,
      int threads) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    for (Address delta : deltas) {
      parts.put(parts.size(), new DeltaFold.Part(delta, 0, 1));
    }
    DeltaForm form = new DeltaForm(codec, false, start.size());
    new DeltaFold(start, result, parts, form, step, threads).run();
    step.commit();
    return result;
  }
}
