package io.lepton.tf.keras;

/**
 * What a Keras layer does with the masks that travel beside sequences: which steps are padding.
 * {@link Masks} makes inputs of them where a layer looks at them.
 */
enum Masking {
  /** Takes masked steps as all others; its output has no mask. */
  DROPS,
  /** Computes each step by itself; its output has the mask of its input. */
  KEEPS,
  /** Makes one of ids: 0 is padding. */
  MAKES,
  /** Leaves masked steps out; its output is no sequence. */
  READS,
  /** Leaves masked steps out; its output is a sequence with the same mask. */
  READS_AND_KEEPS,
  /** Leaves masked steps of what is seen out; its output has the mask of what looks. */
  ATTENDS,
  /** Its output has a mask if all inputs have one. */
  MERGES,
  /** Computes something with a mask that Lepton's layer does not. */
  REFUSES
}
