package io.lepton.tf;

import java.io.Serializable;

/**
 * What sessions of a training have in common, wherever they are.
 *
 * @param precision of the heavy operations
 * @param deterministic whether a processor computes with one thread only, as more may sum in
 *     another order; a GPU needs {@code TF_DETERMINISTIC_OPS=1} in its process's environment too
 * @param xla whether clusters of operations are compiled; worth it on a GPU only
 * @param gpuMemoryGrowth whether a GPU's memory is taken when it is needed, not all at the start
 * @param gpuMemoryFraction of a GPU's memory that a process may take, to 1; 0 leaves it to
 *     TensorFlow
 * @param pageLocking of the chunks that are loaded
 */
public record ComputeOptions(
    Precision precision,
    boolean deterministic,
    boolean xla,
    boolean gpuMemoryGrowth,
    double gpuMemoryFraction,
    PageLocking pageLocking)
    implements Serializable {
  /** Float32, threads as they come, no compiler, memory as it is needed. */
  public static final ComputeOptions DEFAULT =
      new ComputeOptions(Precision.FLOAT32, false, false, true, 0, PageLocking.AUTO);

  public ComputeOptions {
    if (!(gpuMemoryFraction >= 0 && gpuMemoryFraction <= 1)) {
      throw new IllegalArgumentException(
          "gpuMemoryFraction must be between 0 and 1, but was: " + gpuMemoryFraction);
    }
  }

  /** The same in another precision. */
  public ComputeOptions in(Precision other) {
    return new ComputeOptions(
        other, deterministic, xla, gpuMemoryGrowth, gpuMemoryFraction, pageLocking);
  }
}
