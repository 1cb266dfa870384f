package io.lepton.spark.ml;

import io.lepton.spark.config.ParamSetting;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of training and their defaults: those of the settings, and what only programs say. */
public final class TrainingParamSet implements Serializable {
  private static final long serialVersionUID = 1;

  final Param<String> featuresCol;
  final StringArrayParam featuresCols;
  final Param<String> validationIndicatorCol;
  final Param<String> optimizer;
  final DoubleParam learningRate;
  final Param<String> settings;
  final BooleanParam acceptChanges;

  private final Map<String, Param<?>> byName = new LinkedHashMap<>();

  TrainingParamSet(Params owner) {
    for (ParamSetting setting : ParamSetting.ALL) {
      Param<?> param = param(owner, setting);
      byName.put(setting.name(), param);
      setting.fallback().ifPresent(value -> setDefault(owner, param, value));
    }
    featuresCol =
        new Param<>(owner, "featuresCol", "column of the features: a vector, an array or a number");
    featuresCols =
        new StringArrayParam(
            owner, "featuresCols", "columns of numbers that make up the features side by side");
    validationIndicatorCol =
        new Param<>(owner, "validationIndicatorCol", "column that is true in rows to validate on");
    optimizer = new Param<>(owner, "optimizer", "optimizer of the local steps");
    learningRate =
        new DoubleParam(
            owner, "learningRate", "learning rate of the optimizer", ParamValidators.gt(0));
    settings =
        new Param<>(owner, "settings", "all else that a configuration file can say, as HOCON");
    acceptChanges =
        new BooleanParam(
            owner,
            "acceptChanges",
            "whether fit goes on from a checkpoint although settings changed that may change");
    owner.setDefault(featuresCol, "features");
    owner.setDefault(optimizer, "adam");
    owner.setDefault(settings, "");
    owner.setDefault(acceptChanges, false);
  }

  /** The param of a setting, by its name. */
  Param<?> named(String name) {
    return byName.get(name);
  }

  @SuppressWarnings("unchecked")
  Param<String> text(String name) {
    return (Param<String>) byName.get(name);
  }

  private static Param<?> param(Params owner, ParamSetting setting) {
    String name = setting.name();
    String description = setting.description();
    return switch (setting.kind()) {
      case INT -> new IntParam(owner, name, description, ParamValidators.gt(0));
      case LONG -> new LongParam(owner, name, description);
      case DOUBLE -> new DoubleParam(owner, name, description, ParamValidators.gt(0));
      case FLAG -> new BooleanParam(owner, name, description);
      case TEXT, HOCON -> new Param<String>(owner, name, description);
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> void setDefault(Params owner, Param<T> param, Object value) {
    owner.setDefault(param, (T) value);
  }
}
