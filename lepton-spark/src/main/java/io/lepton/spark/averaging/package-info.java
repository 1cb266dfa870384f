/**
 * When replicas are averaged and what becomes of their mean: arithmetic of the driver, without
 * Spark.
 */
package io.lepton.spark.averaging;
