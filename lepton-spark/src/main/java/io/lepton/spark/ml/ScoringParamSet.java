package io.lepton.spark.ml;

import io.lepton.tf.Precision;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The params of scoring and their defaults. */
public final class ScoringParamSet implements java.io.Serializable {
  static final String ERROR = "error";
  static final String KEEP = "keep";

  private static final long serialVersionUID = 1;
  private static final long BATCH_BYTES = 256L << 10;
  private static final List<String> PRECISIONS =
      List.of(Precision.FLOAT32.word(), Precision.MIXED_BFLOAT16.word());

  final Param<String> predictionCol;
  final Param<String> probabilityCol;
  final Param<String> rawPredictionCol;
  final Param<String> reasonCol;
  final Param<String> handleInvalid;
  final DoubleArrayParam thresholds;
  final BooleanParam deterministicScoring;
  final Param<String> scoringPrecision;
  final LongParam batchBytes;
  final LongParam broadcastBytes;

  ScoringParamSet(Params owner) {
    predictionCol =
        new Param<>(owner, "predictionCol", "column of the class or number that is predicted");
    probabilityCol =
        new Param<>(owner, "probabilityCol", "column of the probabilities of all classes");
    rawPredictionCol =
        new Param<>(owner, "rawPredictionCol", "column of the logits of all classes");
    reasonCol = new Param<>(owner, "reasonCol", "column of the reason why a row has no scores");
    handleInvalid =
        new Param<>(
            owner,
            "handleInvalid",
            "what becomes of rows that cannot be scored: error, or keep them without scores",
            (String value) -> value.equals(ERROR) || value.equals(KEEP));
    thresholds =
        new DoubleArrayParam(
            owner,
            "thresholds",
            "what probabilities are divided by before the largest is chosen, one a class",
            (double[] values) -> areThresholds(values));
    deterministicScoring =
        new BooleanParam(
            owner,
            "deterministicScoring",
            "whether scores are the same bits whatever the batches and partitions");
    scoringPrecision =
        new Param<>(
            owner,
            "scoringPrecision",
            "precision of scoring: " + String.join(" or ", PRECISIONS),
            (String value) -> PRECISIONS.contains(value));
    batchBytes =
        new LongParam(
            owner,
            "batchBytes",
            "bytes of decoded rows that are scored together, about",
            ParamValidators.gt(0));
    broadcastBytes =
        new LongParam(
            owner,
            "broadcastBytes",
            "bytes of a bundle on the driver's disk that is sent to executors, at most",
            ParamValidators.inRange(0, BundleArchive.MOST_BYTES));
    owner.setDefault(predictionCol, "prediction");
    owner.setDefault(probabilityCol, "probability");
    owner.setDefault(rawPredictionCol, "rawPrediction");
    owner.setDefault(reasonCol, "");
    owner.setDefault(handleInvalid, ERROR);
    owner.setDefault(deterministicScoring, false);
    owner.setDefault(scoringPrecision, Precision.FLOAT32.word());
    owner.setDefault(batchBytes, BATCH_BYTES);
    owner.setDefault(broadcastBytes, BundleArchive.MOST_BYTES);
  }

  private static boolean areThresholds(double[] values) {
    int zeros = 0;
    for (double value : values) {
      if (!(value >= 0)) {
        return false;
      }
      zeros += value == 0 ? 1 : 0;
    }
    return zeros <= 1;
  }
}
