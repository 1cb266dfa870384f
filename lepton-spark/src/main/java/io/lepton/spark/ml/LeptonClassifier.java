package io.lepton.spark.ml;

import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Trains a classifier. Labels are class numbers from 0; how many there are is taken from the data,
 * unless the params say otherwise.
 */
public final class LeptonClassifier extends TrainingEstimator<LeptonClassifier> {
  private static final long serialVersionUID = 1;

  /** An estimator with all defaults. */
  public LeptonClassifier() {
    this(Identifiable$.MODULE$.randomUID("leptonclassifier"));
  }

  /** The same of a name that Spark ML knows it by. */
  public LeptonClassifier(String uid) {
    super(uid);
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<LeptonClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LeptonClassifier load(String path) {
    return read().load(path);
  }

  @Override
  boolean countsClasses() {
    return true;
  }
}
