package io.lepton.tf.model;

/**
 * How weights change.
 *
 * @param optimizer its rule
 * @param options what happens around it
 */
record Learning(Optimizer optimizer, UpdateOptions options) {}
