package io.lepton.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * What estimators can be told of training, as the settings of a configuration file: these have
 * params of their own, all others go by {@link #settings}.
 */
public interface TrainingParams extends ScoringParams {
  /** Where the params are kept. */
  TrainingParamSet training();

  /** Column of the features: a vector, an array or a number. Default: features. */
  default Param<String> featuresCol() {
    return training().featuresCol;
  }

  /** Columns of numbers that make up the features side by side, instead of one column. */
  default StringArrayParam featuresCols() {
    return training().featuresCols;
  }

  /** Column that is true in rows to validate on. Default: a share is held out. */
  default Param<String> validationIndicatorCol() {
    return training().validationIndicatorCol;
  }

  /** Optimizer of the local steps. Default: adam. */
  default Param<String> optimizer() {
    return training().optimizer;
  }

  /** Learning rate. Default: that of the optimizer. */
  default DoubleParam learningRate() {
    return training().learningRate;
  }

  /** All else that a configuration file can say, as HOCON. Params that are set hold before it. */
  default Param<String> settings() {
    return training().settings;
  }

  /**
   * Whether fit goes on from a checkpoint although settings changed since that may change. Default:
   * false.
   */
  default BooleanParam acceptChanges() {
    return training().acceptChanges;
  }

  /** Name of the model. Default: the uid. */
  default Param<String> name() {
    return training().text("name");
  }

  /** Seed of everything random. Default: 7. */
  default LongParam seed() {
    return (LongParam) training().named("seed");
  }

  /** Column of the label. Default: label. */
  default Param<String> labelCol() {
    return training().text("labelCol");
  }

  /** Number of classes. Default of a classifier: those of the data. */
  default IntParam classes() {
    return (IntParam) training().named("classes");
  }

  /** Weights of examples by class: balanced, or a list. Default: none. */
  default Param<String> classWeights() {
    return training().text("classWeights");
  }

  /** Column of example weights, not negative. Default: none. */
  default Param<String> weightCol() {
    return training().text("weightCol");
  }

  /** Share of the rows to validate on. Default: 0.1. */
  default DoubleParam validationFraction() {
    return (DoubleParam) training().named("validationFraction");
  }

  /** Layers, as a list of objects in HOCON. */
  default Param<String> layers() {
    return training().text("layers");
  }

  /** A model of the zoo, its name or an object in HOCON. Default: mlp. */
  default Param<String> zoo() {
    return training().text("zoo");
  }

  /** Passes over the training set, at most. Default: 5. */
  default IntParam epochs() {
    return (IntParam) training().named("epochs");
  }

  /** Examples of one local step of one replica. Default: 64. */
  default IntParam batchSize() {
    return (IntParam) training().named("batchSize");
  }

  /** How the batch grows between epochs, as an object in HOCON. Default: it does not. */
  default Param<String> batchGrowth() {
    return training().text("batchGrowth");
  }

  /** Precision of a step. Default: auto. */
  default Param<String> precision() {
    return training().text("precision");
  }

  /** Loss to lower. Default: auto. */
  default Param<String> loss() {
    return training().text("loss");
  }

  /** Epochs without a better value before training stops. Default: it does not. */
  default IntParam patience() {
    return (IntParam) training().named("patience");
  }

  /** Logical copies of the model. Default: as many as run at a time, 2 if deterministic. */
  default IntParam replicas() {
    return (IntParam) training().named("replicas");
  }

  /** Steps of a replica between averages. Default: 50. */
  default IntParam localSteps() {
    return (IntParam) training().named("localSteps");
  }

  /** Whether a processor computes with one thread only. Default: false. */
  default BooleanParam deterministic() {
    return (BooleanParam) training().named("deterministic");
  }
}
