/**
 * What predictions are worth: exact metrics over the rows of a DataFrame, the same to the last bit
 * whatever its partitions.
 */
package io.lepton.spark.evaluation;
