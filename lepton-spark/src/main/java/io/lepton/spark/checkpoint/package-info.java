/**
 * A training at rest, on any Hadoop file system: each checkpoint whole or not there, without
 * relying on rename, written beside the training. Knows nothing of what is trained.
 */
package io.lepton.spark.checkpoint;
