package io.lepton.spark.ml;

import io.lepton.spark.config.ParamSetting;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/** Trains a model as its params say. A label is a number to regress unless they tell classes. */
public final class LeptonEstimator extends TrainingEstimator<LeptonEstimator> {
  private static final long serialVersionUID = 1;

  /** An estimator with all defaults. */
  public LeptonEstimator() {
    this(Identifiable$.MODULE$.randomUID("lepton"));
  }

  /** The same of a name that Spark ML knows it by. */
  public LeptonEstimator(String uid) {
    super(uid);
  }

  /**
   * The estimator of a configuration, HOCON as in a file: where data and model lie and the cluster
   * are left out.
   *
   * @throws io.lepton.spark.config.ConfigurationException if it is not HOCON; what is wrong
   *     otherwise is told when it is used
   */
  public static LeptonEstimator of(String configuration) {
    LeptonEstimator estimator = new LeptonEstimator();
    ParamSetting.split(configuration).forEach(estimator::set);
    return estimator;
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<LeptonEstimator> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LeptonEstimator load(String path) {
    return read().load(path);
  }
}
