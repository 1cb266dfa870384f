/**
 * A job's configuration: HOCON files and overrides, read into immutable records.
 *
 * <p>{@link io.lepton.spark.config.JobConfiguration#load} is the door. Every problem is collected
 * and reported at once in a {@link io.lepton.spark.config.ConfigurationException}.
 */
package io.lepton.spark.config;
