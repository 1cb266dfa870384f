package io.lepton.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** What models and estimators can be told of scoring. An empty name of a column leaves it out. */
public interface ScoringParams extends Params {
  /** Where the params are kept. */
  ScoringParamSet scoring();

  /** Column of the class chosen, or of the numbers predicted. Default: prediction. */
  default Param<String> predictionCol() {
    return scoring().predictionCol;
  }

  /** Column of the probabilities of all classes, of classifiers. Default: probability. */
  default Param<String> probabilityCol() {
    return scoring().probabilityCol;
  }

  /** Column of the logits of all classes, of classifiers. Default: rawPrediction. */
  default Param<String> rawPredictionCol() {
    return scoring().rawPredictionCol;
  }

  /** Column of the reason why a row has no scores. Default: none. */
  default Param<String> reasonCol() {
    return scoring().reasonCol;
  }

  /** What becomes of rows that cannot be scored: error or keep. Default: error. */
  default Param<String> handleInvalid() {
    return scoring().handleInvalid;
  }

  /** What probabilities are divided by before the largest is chosen, one a class. Default: none. */
  default DoubleArrayParam thresholds() {
    return scoring().thresholds;
  }

  /** Whether scores are the same bits whatever the batches and partitions. Default: false. */
  default BooleanParam deterministicScoring() {
    return scoring().deterministicScoring;
  }

  /** Precision of scoring: float32 or mixed-bfloat16. Default: float32. */
  default Param<String> scoringPrecision() {
    return scoring().scoringPrecision;
  }

  /** Bytes of decoded rows that are scored together. Default: 256 KiB. */
  default LongParam batchBytes() {
    return scoring().batchBytes;
  }

  /**
   * Bytes of a bundle on the driver's disk that is sent to executors, at most; they read a larger
   * one at its path, which must be a disk that they see. Default: 1 GiB, which is the most.
   */
  default LongParam broadcastBytes() {
    return scoring().broadcastBytes;
  }
}
