/**
 * Memory outside the heap that travels between the processes of an application as it is, in slices,
 * through Spark's own block transfer: its ports, its authentication, its encryption.
 */
package io.lepton.spark.exchange;
