package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What examples were mixed with: an example's loss is {@code lambda·loss(its label) + (1 −
 * lambda)·loss(the partner's label)}.
 *
 * @param partner rows of the batch, {@code [n]}
 * @param lambda what is left of the example itself, {@code [n]}
 */
record Mixing(Operand<TInt32> partner, Operand<TFloat32> lambda) {}
