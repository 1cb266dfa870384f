package io.lepton.spark.ml;

import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/** Trains a model of a number, that of the label column, unless the params say otherwise. */
public final class LeptonRegressor extends TrainingEstimator<LeptonRegressor> {
  private static final long serialVersionUID = 1;

  /** An estimator with all defaults. */
  public LeptonRegressor() {
    this(Identifiable$.MODULE$.randomUID("leptonregressor"));
  }

  /** The same of a name that Spark ML knows it by. */
  public LeptonRegressor(String uid) {
    super(uid);
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<LeptonRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LeptonRegressor load(String path) {
    return read().load(path);
  }
}
