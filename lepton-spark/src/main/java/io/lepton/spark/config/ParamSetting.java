package io.lepton.spark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A setting of a configuration that estimators have a param for. All others go by the param {@code
 * settings}, so that what a configuration can say, params can say, and the reverse.
 *
 * @param name of the param
 * @param path of the setting
 * @param kind of its value
 * @param fallback what holds where nothing is said; empty if nothing does
 * @param description a phrase
 */
public record ParamSetting(
    String name, String path, Kind kind, Optional<Object> fallback, String description) {
  /** What values are. */
  public enum Kind {
    /** A positive whole number. */
    INT,
    /** Any whole number. */
    LONG,
    /** A positive number. */
    DOUBLE,
    /** True or false. */
    FLAG,
    /** Text. */
    TEXT,
    /** HOCON. */
    HOCON
  }

  /** Every one of them. */
  public static final List<ParamSetting> ALL =
      List.of(
          of("name", "name", Kind.TEXT, null, "name of the model"),
          of("seed", "seed", Kind.LONG, Defaults.SEED, "seed of everything random"),
          of("labelCol", "data.label.column", Kind.TEXT, "label", "column of the label"),
          of("classes", "data.label.classes", Kind.INT, null, "number of classes"),
          of(
              "classWeights",
              "data.label.class-weights",
              Kind.HOCON,
              null,
              "weights of examples by class: balanced, or a list"),
          of("weightCol", "data.weight-column", Kind.TEXT, null, "column of example weights"),
          of(
              "validationFraction",
              "data.validation-fraction",
              Kind.DOUBLE,
              0.1,
              "share of the rows to validate on, without a validationIndicatorCol"),
          of("layers", "model.layers", Kind.HOCON, null, "layers, as a list of objects"),
          of("zoo", "model.zoo", Kind.HOCON, null, "a model of the zoo, with options or without"),
          of(
              "epochs",
              "training.epochs",
              Kind.INT,
              Defaults.EPOCHS,
              "passes over the training set, at most"),
          of(
              "batchSize",
              "training.batch-size",
              Kind.INT,
              Defaults.BATCH_SIZE,
              "examples of one local step of one replica"),
          of(
              "batchGrowth",
              "training.batch-growth",
              Kind.HOCON,
              null,
              "how the batch grows between epochs, as an object"),
          of(
              "precision",
              "training.precision",
              Kind.TEXT,
              Display.word(Defaults.PRECISION),
              "precision of a step"),
          of("loss", "training.loss", Kind.HOCON, Display.word(Defaults.LOSS), "loss to lower"),
          of(
              "patience",
              "training.early-stopping.patience",
              Kind.INT,
              null,
              "epochs without a better value before training stops; never stops if not set"),
          of(
              "replicas",
              "averaging.replicas",
              Kind.INT,
              null,
              "logical copies of the model; as many as run at a time if not set"),
          of(
              "localSteps",
              "averaging.local-steps",
              Kind.INT,
              Defaults.LOCAL_STEPS,
              "steps of a replica between averages"),
          of(
              "deterministic",
              "session.deterministic",
              Kind.FLAG,
              Defaults.DETERMINISTIC,
              "whether a processor computes with one thread only"));

  /** What programs have no use for, by path, and why. */
  private static final Map<String, String> OF_JOBS =
      Map.of(
          "data.train", "fit is given the rows",
          "data.validation", "fit finds these rows by validationIndicatorCol",
          "data.test", "score and evaluate the model that fit gives",
          "data.format", "fit is given the rows",
          "output.model", "fit gives the model, to be saved",
          "output.overwrite", "fit gives the model, to be saved",
          "cluster", "fit does not watch over an application that is not its own");

  private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

  private static ParamSetting of(
      String name, String path, Kind kind, Object fallback, String description) {
    return new ParamSetting(name, path, kind, Optional.ofNullable(fallback), description);
  }

  /**
   * A value of the param as the configuration takes it.
   *
   * @param value as Spark keeps it
   */
  public Object toSetting(Object value) {
    return kind == Kind.HOCON ? new Hocon((String) value) : value;
  }

  /** The setting of that name. */
  public static ParamSetting named(String name) {
    return ALL.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Whether HOCON says something at a path.
   *
   * @return false too if it is none, which whoever reads it will tell
   */
  public static boolean has(String settings, String path) {
    try {
      return ConfigFactory.parseString(settings).hasPathOrNull(path);
    } catch (ConfigException e) {
      return false;
    }
  }

  /** Adds a problem for each thing that settings of a program say without effect. */
  static void refuseOfJobs(String settings, Problems problems) {
    OF_JOBS.entrySet().stream()
        .filter(setting -> has(settings, setting.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            setting ->
                new Problem(
                    setting.getKey(),
                    "",
                    "settings",
                    "must be in files of jobs only, as " + setting.getValue(),
                    "leave it out"))
        .forEach(problems::add);
  }

  /** The text that HOCON has at a path. */
  public static String text(String settings, String path) {
    return ConfigFactory.parseString(settings).getString(path);
  }

  /** The first key of the object that HOCON has at a path; empty if there is none. */
  public static Optional<String> firstKey(String settings, String path) {
    return has(settings, path)
            && ConfigFactory.parseString(settings).getValue(path) instanceof ConfigObject object
        ? object.keySet().stream().findFirst()
        : Optional.empty();
  }

  /**
   * A configuration taken apart: values of params by name, and under {@code settings} the rest.
   * Where data and models lie is left out, as programs have DataFrames and models at hand, and so
   * is the cluster.
   *
   * @throws ConfigurationException if it is not HOCON
   */
  public static Map<String, Object> split(String configuration) {
    Problems problems = new Problems();
    Config rest = Sources.of(Map.of(), configuration, Map.of(), problems).toConfig();
    problems.throwIfAny();
    for (String path : OF_JOBS.keySet()) {
      rest = rest.withoutPath(path);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (ParamSetting setting : ALL) {
      if (rest.hasPath(setting.path())) {
        Optional<Object> value = setting.read(rest.getValue(setting.path()));
        if (value.isPresent()) {
          values.put(setting.name(), value.get());
          rest = rest.withoutPath(setting.path());
        }
      }
    }
    values.put("settings", rest.root().render(CONCISE));
    return values;
  }

  /** The value as the param takes it; empty if it is of another kind, for the parser to tell. */
  private Optional<Object> read(ConfigValue value) {
    Config config = value.atKey("it");
    try {
      return Optional.of(
          switch (kind) {
            case INT -> config.getInt("it");
            case LONG -> config.getLong("it");
            case DOUBLE -> config.getDouble("it");
            case FLAG -> config.getBoolean("it");
            case TEXT -> config.getString("it");
            case HOCON -> value.render(CONCISE);
          });
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }
}
