package io.lepton.spark;

/** How the precision of a training is found. */
public enum PrecisionChoice {
  /**
   * The faster one that is not worse, by some steps in each before the first round. A low precision
   * must be clearly faster, so that equal machines choose equally; short trainings are float32, and
   * so are those that must be deterministic.
   */
  AUTO,
  FLOAT32,
  MIXED_BFLOAT16,
  /** Made for GPUs; processors compute it slowly. */
  MIXED_FLOAT16;

  /** Whether a mixed precision is asked for. */
  public boolean isMixed() {
    return this == MIXED_BFLOAT16 || this == MIXED_FLOAT16;
  }
}
