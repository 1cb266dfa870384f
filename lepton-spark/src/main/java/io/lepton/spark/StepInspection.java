package io.lepton.spark;

import io.lepton.tf.HeavyOps;
import java.io.Serializable;

/**
 * What a step consists of where it runs.
 *
 * @param executor it ran on
 * @param supported whether the machine computes in the precision that was asked for
 */
record StepInspection(String executor, boolean supported, HeavyOps heavy) implements Serializable {}
