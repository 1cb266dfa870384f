/**
 * Models people really train, each a record of its options. Like a class of one's own that is an
 * {@link io.lepton.tf.zoo.Architecture}, they make layers, which then go the way of all layers.
 */
package io.lepton.tf.zoo;
