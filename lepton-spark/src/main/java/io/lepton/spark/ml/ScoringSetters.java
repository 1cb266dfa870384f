package io.lepton.spark.ml;

import org.apache.spark.ml.param.Param;

/**
 * Sets what models and estimators can be told of scoring; each setter gives back its object.
 *
 * @param <E> what has the setters
 */
public interface ScoringSetters<E> extends ScoringParams {
  /** Sets {@link #predictionCol}. */
  default E setPredictionCol(String value) {
    return with(predictionCol(), value);
  }

  /** Sets {@link #probabilityCol}. */
  default E setProbabilityCol(String value) {
    return with(probabilityCol(), value);
  }

  /** Sets {@link #rawPredictionCol}. */
  default E setRawPredictionCol(String value) {
    return with(rawPredictionCol(), value);
  }

  /** Sets {@link #reasonCol}. */
  default E setReasonCol(String value) {
    return with(reasonCol(), value);
  }

  /** Sets {@link #handleInvalid}. */
  default E setHandleInvalid(String value) {
    return with(handleInvalid(), value);
  }

  /** Sets {@link #thresholds}. */
  default E setThresholds(double... value) {
    return with(thresholds(), value);
  }

  /** Sets {@link #deterministicScoring}. */
  default E setDeterministicScoring(boolean value) {
    return with(deterministicScoring(), value);
  }

  /** Sets {@link #scoringPrecision}. */
  default E setScoringPrecision(String value) {
    return with(scoringPrecision(), value);
  }

  /** Sets {@link #batchBytes}. */
  default E setBatchBytes(long value) {
    return with(batchBytes(), value);
  }

  /** Sets {@link #broadcastBytes}. */
  default E setBroadcastBytes(long value) {
    return with(broadcastBytes(), value);
  }

  @SuppressWarnings("unchecked")
  private <T> E with(Param<T> param, T value) {
    set(param, value);
    return (E) this;
  }
}
