/**
 * What a job says of its data: columns, how they become tensors, what to do with missing values.
 */
package io.lepton.spark.data;
