package io.lepton.tf.model;

/**
 * A rule that a layer breaks.
 *
 * @param layer position in the model's list
 * @param rule and the value that breaks it
 * @param mend what to do about it
 */
public record LayerProblem(int layer, String rule, String mend) {}
