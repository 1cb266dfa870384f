/**
 * Trained models as directories: checked before anything of them is believed, then loaded to score
 * arrays and Arrow batches, without Spark.
 */
package io.lepton.tf.bundle;
