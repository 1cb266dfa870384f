package io.lepton.spark.ml;

import org.apache.spark.ml.param.Param;

/**
 * Sets what estimators can be told of training; each setter gives back its object.
 *
 * @param <E> what has the setters
 */
public interface TrainingSetters<E> extends TrainingParams, ScoringSetters<E> {
  /** Sets {@link #featuresCol}. */
  default E setFeaturesCol(String value) {
    return with(featuresCol(), value);
  }

  /** Sets {@link #featuresCols}. */
  default E setFeaturesCols(String... value) {
    return with(featuresCols(), value);
  }

  /** Sets {@link #labelCol}. */
  default E setLabelCol(String value) {
    return with(labelCol(), value);
  }

  /** Sets {@link #weightCol}. */
  default E setWeightCol(String value) {
    return with(weightCol(), value);
  }

  /** Sets {@link #validationIndicatorCol}. */
  default E setValidationIndicatorCol(String value) {
    return with(validationIndicatorCol(), value);
  }

  /** Sets {@link #validationFraction}. */
  default E setValidationFraction(double value) {
    return with(validationFraction(), value);
  }

  /** Sets {@link #classes}. */
  default E setClasses(int value) {
    return with(classes(), value);
  }

  /** Sets {@link #classWeights}. */
  default E setClassWeights(String value) {
    return with(classWeights(), value);
  }

  /** Sets {@link #name}. */
  default E setName(String value) {
    return with(name(), value);
  }

  /** Sets {@link #layers}. */
  default E setLayers(String value) {
    return with(layers(), value);
  }

  /** Sets {@link #zoo}. */
  default E setZoo(String value) {
    return with(zoo(), value);
  }

  /** Sets {@link #epochs}. */
  default E setEpochs(int value) {
    return with(epochs(), value);
  }

  /** Sets {@link #batchSize}. */
  default E setBatchSize(int value) {
    return with(batchSize(), value);
  }

  /** Sets {@link #batchGrowth}. */
  default E setBatchGrowth(String value) {
    return with(batchGrowth(), value);
  }

  /** Sets {@link #precision}. */
  default E setPrecision(String value) {
    return with(precision(), value);
  }

  /** Sets {@link #loss}. */
  default E setLoss(String value) {
    return with(loss(), value);
  }

  /** Sets {@link #patience}. */
  default E setPatience(int value) {
    return with(patience(), value);
  }

  /** Sets {@link #optimizer}. */
  default E setOptimizer(String value) {
    return with(optimizer(), value);
  }

  /** Sets {@link #learningRate}. */
  default E setLearningRate(double value) {
    return with(learningRate(), value);
  }

  /** Sets {@link #replicas}. */
  default E setReplicas(int value) {
    return with(replicas(), value);
  }

  /** Sets {@link #localSteps}. */
  default E setLocalSteps(int value) {
    return with(localSteps(), value);
  }

  /** Sets {@link #deterministic}. */
  default E setDeterministic(boolean value) {
    return with(deterministic(), value);
  }

  /** Sets {@link #seed}. */
  default E setSeed(long value) {
    return with(seed(), value);
  }

  /** Sets {@link #settings}. */
  default E setSettings(String value) {
    return with(settings(), value);
  }

  /** Sets {@link #acceptChanges}. */
  default E setAcceptChanges(boolean value) {
    return with(acceptChanges(), value);
  }

  @SuppressWarnings("unchecked")
  private <T> E with(Param<T> param, T value) {
    set(param, value);
    return (E) this;
  }
}
