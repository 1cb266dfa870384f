package io.lepton.tf;

import java.util.List;
import java.util.Locale;

/**
 * The number format of the heavy operations of a step: products of matrices and convolutions.
 * Weights, their updates, losses and sums are float32 or wider in all of them.
 */
public enum Precision {
  /** Everything in float32. */
  FLOAT32,
  /** bfloat16, as wide in range as float32: TensorFlow rewrites the graph when it first runs. */
  MIXED_BFLOAT16,
  /** float16 with a scaled loss: programs that are compiled so cast by themselves. */
  MIXED_FLOAT16;

  /** Its name in configurations and results, as {@code mixed-bfloat16}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Features of a processor, any of which computes in this format; empty if all processors do. */
  public List<String> features() {
    return this == MIXED_BFLOAT16 ? List.of("avx512_bf16", "amx_bf16", "bf16") : List.of();
  }
}
