package io.lepton.spark.ml;

import io.lepton.spark.config.Hocon;
import io.lepton.spark.config.ParamSetting;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The settings that the params of an estimator amount to, by path.
 *
 * @param fallbacks what holds where nobody says anything
 * @param settings the rest, as HOCON
 * @param values what params say
 */
record ParamConfiguration(
    Map<String, Object> fallbacks, String settings, Map<String, Object> values) {
  private static final String MODEL = "model.zoo";
  private static final String INPUTS = "data.inputs";
  private static final String FEATURES = INPUTS + ".features.";
  private static final String LABEL = "data.label.column";
  private static final String CLASSES = "data.label.classes";
  private static final String OPTIMIZER = "training.optimizer";

  /** As far as a schema tells. */
  static ParamConfiguration of(TrainingEstimator<?> estimator, StructType schema) {
    return of(estimator, FeatureColumns.of(schema));
  }

  /** Whole, with what only the data tells. */
  static ParamConfiguration of(TrainingEstimator<?> estimator, Dataset<Row> data) {
    return of(estimator, FeatureColumns.of(data));
  }

  private static ParamConfiguration of(TrainingEstimator<?> estimator, FeatureColumns data) {
    ParamConfiguration all =
        new ParamConfiguration(
            new LinkedHashMap<>(),
            estimator.getOrDefault(estimator.settings()),
            new LinkedHashMap<>());
    for (ParamSetting setting : ParamSetting.ALL) {
      Param<?> param = estimator.training().named(setting.name());
      if (estimator.isSet(param)) {
        all.values.put(setting.path(), setting.toSetting(estimator.getOrDefault(param)));
      }
    }
    all.addFeatures(estimator, data);
    all.addLabel(estimator, data);
    all.addOptimizer(estimator);
    all.fallbacks.put("name", estimator.uid());
    all.fallbacks.put("data.train", all.says("checkpoints") ? data.identity() : data.name());
    all.fallbacks.put("output.model", "(the model)");
    Optional<String> indicator = estimator.indicator();
    indicator.ifPresent(data::requireFlag);
    if (indicator.isPresent()) {
      all.values.put("data.validation", "(rows with %s)".formatted(indicator.get()));
    } else if (!all.says("data.validation-fraction")) {
      ParamSetting fraction = ParamSetting.named("validationFraction");
      all.fallbacks.put(fraction.path(), fraction.fallback().orElseThrow());
    }
    if (all.says("model")) {
      all.fallbacks.remove(MODEL);
    } else {
      all.fallbacks.putIfAbsent(MODEL, "mlp");
    }
    data.requireColumns();
    return all;
  }

  /** Whether settings or params say something at a path or below it. */
  private boolean says(String path) {
    return ParamSetting.has(settings, path)
        || values.keySet().stream().anyMatch(it -> it.equals(path) || it.startsWith(path + "."));
  }

  private void addFeatures(TrainingEstimator<?> estimator, FeatureColumns data) {
    Map<String, Object> own = estimator.ownSettings(data);
    fallbacks.putAll(own);
    if (estimator.isSet(estimator.featuresCols())) {
      List<String> columns = Arrays.asList(estimator.getOrDefault(estimator.featuresCols()));
      columns.forEach(data::require);
      values.put(FEATURES + "columns", columns);
    } else if (estimator.isSet(estimator.featuresCol()) || (own.isEmpty() && !says(INPUTS))) {
      String column = estimator.getOrDefault(estimator.featuresCol());
      data.require(column);
      values.put(FEATURES + "column", column);
      data.width(column).ifPresent(width -> values.put(FEATURES + "shape", List.of(width)));
    }
  }

  private void addLabel(TrainingEstimator<?> estimator, FeatureColumns data) {
    boolean several = says("data.labels");
    String column = estimator.getOrDefault(estimator.labelCol());
    if (!several && !says(LABEL) && !says("data.label.input")) {
      fallbacks.put(LABEL, column);
    }
    if (!several && estimator.countsClasses() && !says(CLASSES)) {
      boolean inSettings =
          ParamSetting.has(settings, LABEL) && !estimator.isSet(estimator.labelCol());
      String label = inSettings ? ParamSetting.text(settings, LABEL) : column;
      data.require(label);
      values.put(CLASSES, data.classes(label));
    }
  }

  private void addOptimizer(TrainingEstimator<?> estimator) {
    boolean chosen = estimator.isSet(estimator.optimizer());
    String kind =
        chosen
            ? estimator.getOrDefault(estimator.optimizer())
            : ParamSetting.firstKey(settings, OPTIMIZER)
                .orElse(estimator.getOrDefault(estimator.optimizer()));
    if (estimator.isSet(estimator.learningRate())) {
      values.put(
          OPTIMIZER + "." + kind + ".learning-rate",
          estimator.getOrDefault(estimator.learningRate()));
    } else if (chosen) {
      values.put(OPTIMIZER + "." + kind, new Hocon("{}"));
    }
  }
}
