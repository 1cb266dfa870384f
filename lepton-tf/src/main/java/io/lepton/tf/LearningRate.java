package io.lepton.tf;

/** The learning rate of each step of a training. */
public interface LearningRate {
  /**
   * The rate of a step.
   *
   * @param step steps taken before it, over the whole training
   */
  float at(long step);
}
