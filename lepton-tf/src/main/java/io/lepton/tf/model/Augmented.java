package io.lepton.tf.model;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TType;

/**
 * An augmented batch of an input.
 *
 * @param value float32 for images and tables, int32 for texts, of the shape of the batch
 * @param mixing of the losses, if the examples were mixed
 */
record Augmented(Operand<? extends TType> value, Optional<Mixing> mixing) {}
