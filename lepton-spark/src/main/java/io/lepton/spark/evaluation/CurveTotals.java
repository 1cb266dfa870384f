package io.lepton.spark.evaluation;

import java.io.Serializable;

/**
 * Weight of all positives and negatives of a group, of the rows as they are and of each replicate.
 */
@SuppressWarnings("ArrayRecordComponent")
record CurveTotals(int group, double[] right, double[] wrong) implements Serializable {
  double positives() {
    return right[0];
  }

  double negatives() {
    return wrong[0];
  }
}
