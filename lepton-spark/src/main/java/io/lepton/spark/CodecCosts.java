package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;

/**
 * What codecs cost beyond float32, in seconds an element on one thread, as measured
 * (docs/benchmarks.md, "Codecs and folds").
 */
final class CodecCosts {
  private static final double NANO = 1e-9;

  private CodecCosts() {}

  /** Of a delta in its replica. */
  static double encoding(DeltaCodec codec, boolean feedback) {
    return switch (codec) {
      case FLOAT32 -> 0;
      case BFLOAT16 -> (feedback ? 2.7 : 1.3) * NANO;
      case FLOAT16 -> (feedback ? 9.1 : 3.1) * NANO;
      case INT8 -> (feedback ? 3.6 : 1.3) * NANO;
      case INT4 -> (feedback ? 5.1 : 1.6) * NANO;
    };
  }

  /** Of a delta where it is folded. */
  static double decoding(DeltaCodec codec) {
    return switch (codec) {
      case FLOAT32 -> 0;
      case BFLOAT16 -> 0.3 * NANO;
      case FLOAT16 -> 4.9 * NANO;
      case INT8 -> 0.5 * NANO;
      case INT4 -> 1.1 * NANO;
    };
  }
}
