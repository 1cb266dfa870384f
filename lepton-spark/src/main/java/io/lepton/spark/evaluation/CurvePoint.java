package io.lepton.spark.evaluation;

import java.io.Serializable;

/**
 * What is called positive from a threshold on.
 *
 * @param threshold least score
 * @param right weight of the positives among it
 * @param wrong weight of the negatives among it
 */
public record CurvePoint(double threshold, double right, double wrong) implements Serializable {
  /** Share of it that is right. */
  public double precision() {
    return right / (right + wrong);
  }
}
