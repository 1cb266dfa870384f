package io.lepton.spark.config;

import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;

/**
 * How TensorFlow's sessions compute, the precision aside.
 *
 * @param deterministic the same bits for the same configuration, at some cost
 * @param xla whether operations are compiled together
 * @param gpuMemoryGrowth whether a GPU's memory is taken when it is needed
 * @param gpuMemoryFraction of a GPU's memory that a process may take; 0 for TensorFlow's choice
 * @param pageLocked whether shards are locked into RAM
 */
public record SessionSection(
    boolean deterministic,
    boolean xla,
    boolean gpuMemoryGrowth,
    double gpuMemoryFraction,
    PageLocking pageLocked) {
  static SessionSection read(Settings session) {
    return new SessionSection(
        session.orDefault("deterministic", Defaults.DETERMINISTIC, Rule.flag()),
        session.orDefault("xla", Defaults.XLA, Rule.flag()),
        session.orDefault("gpu-memory-growth", Defaults.GPU_MEMORY_GROWTH, Rule.flag()),
        session.orDefault(
            "gpu-memory-fraction", Defaults.GPU_MEMORY_FRACTION, Rule.number(Range.SHARE)),
        session.orDefault("page-locked", Defaults.PAGE_LOCKED, Rule.word(PageLocking.class)));
  }

  ComputeOptions options() {
    return new ComputeOptions(
        Precision.FLOAT32, deterministic, xla, gpuMemoryGrowth, gpuMemoryFraction, pageLocked);
  }
}
