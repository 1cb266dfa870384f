package io.lepton.spark;

/**
 * A knob that a training turned by itself.
 *
 * @param knob {@link #LEARNING_RATE}, {@link #BATCH_SIZE}, {@link #LOCAL_STEPS} or {@link
 *     #LOSS_SCALE}
 * @param from what it was
 * @param to what it is
 * @param reason why
 * @param round the first one it holds for, from 1
 */
public record Adaptation(String knob, double from, double to, String reason, int round) {
  /** The optimizer's rate and what it was lowered by; the schedule's factor aside. */
  public static final String LEARNING_RATE = "learning-rate";

  /** Examples of one local step of one replica. */
  public static final String BATCH_SIZE = "batch-size";

  /** Steps between two averages. */
  public static final String LOCAL_STEPS = "local-steps";

  /** What losses are multiplied by in float16. */
  public static final String LOSS_SCALE = "loss-scale";
}
