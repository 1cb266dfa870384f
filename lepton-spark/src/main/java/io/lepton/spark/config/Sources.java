package io.lepton.spark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file and the overrides on top of it, later ones first.
 *
 * <p>Environment variables and system properties are there for substitutions to name, and only
 * there: a variable never becomes a setting by its own name.
 */
final class Sources {
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{([^?}][^}]*)}");
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*[^=\\s][^=]*=.*", Pattern.DOTALL);

  private static final String SETTINGS = "settings";
  private static final String PARAM = "param";
  private static final String DEFAULT = "default of the estimator";

  private final Problems problems;

  private Sources(Problems problems) {
    this.problems = problems;
  }

  /** The merged settings; empty, with a problem added, where they cannot be read. */
  static ConfigObject read(Path file, List<String> sets, Problems problems) {
    Sources sources = new Sources(problems);
    return sources.read(sources.readFile(file), sets);
  }

  /** The settings of overrides alone. */
  static ConfigObject read(List<String> sets, Problems problems) {
    return new Sources(problems).read(ConfigFactory.empty(), sets);
  }

  /**
   * Settings out of a program: text, what holds where it is silent, and what holds before it.
   *
   * @param fallbacks by path
   * @param settings HOCON
   * @param values by path
   */
  static ConfigObject of(
      Map<String, ?> fallbacks, String settings, Map<String, ?> values, Problems problems) {
    Sources sources = new Sources(problems);
    Config merged = sources.readText(settings);
    for (Map.Entry<String, ?> value : values.entrySet()) {
      merged = sources.readValue(value.getKey(), value.getValue(), PARAM).withFallback(merged);
    }
    for (Map.Entry<String, ?> value : fallbacks.entrySet()) {
      merged = merged.withFallback(sources.readValue(value.getKey(), value.getValue(), DEFAULT));
    }
    return problems.none() ? sources.resolve(merged) : ConfigFactory.empty().root();
  }

  private Config readText(String settings) {
    try {
      return ConfigFactory.parseString(settings, describedAs(SETTINGS));
    } catch (ConfigException e) {
      refuse("", origin(e, SETTINGS), rule(e, settings), "correct the syntax there");
      return ConfigFactory.empty();
    }
  }

  private Config readValue(String path, Object value, String origin) {
    if (!(value instanceof Hocon hocon)) {
      return ConfigValueFactory.fromAnyRef(value, origin).atPath(path);
    }
    try {
      return ConfigFactory.parseString(path + " = " + hocon.text(), describedAs(origin));
    } catch (ConfigException e) {
      refuse(hocon.text(), path, rule(e, hocon.text()), "correct the syntax there");
      return ConfigFactory.empty();
    }
  }

  private ConfigObject read(Config under, List<String> sets) {
    Config merged = under;
    for (String set : sets) {
      merged = readSet(set).withFallback(merged);
    }
    return problems.none() ? resolve(merged) : ConfigFactory.empty().root();
  }

  private Config readFile(Path file) {
    if (Files.isDirectory(file) || !Files.isReadable(file)) {
      refuse("", file.toString(), "must be a file that can be read", "check its path");
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(file.toFile(), describedAs(file.toString()));
    } catch (ConfigException e) {
      refuseSyntax(e, file);
      return ConfigFactory.empty();
    }
  }

  private Config readSet(String set) {
    if (!ASSIGNMENT.matcher(set).matches()) {
      refuse(masked(set), Display.OVERRIDE, "must be path=value", "write --set path=value");
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseString(set, describedAs(Display.OVERRIDE));
    } catch (ConfigException e) {
      refuse(
          masked(set), Display.OVERRIDE, rule(e, set), "quote the value: --set 'path=\"value\"'");
      return ConfigFactory.empty();
    }
  }

  private ConfigObject resolve(Config merged) {
    Config lookup =
        ConfigFactory.parseProperties(System.getProperties(), describedAs("system property"));
    for (String key : merged.root().keySet()) {
      lookup = lookup.withoutPath(ConfigUtil.quoteString(key));
    }
    return resolve(merged, lookup);
  }

  /** Tries again with a stand-in for each substitution that names nothing, to find all of them. */
  private ConfigObject resolve(Config merged, Config lookup) {
    try {
      return without(lookup, merged.withFallback(lookup).resolve())
          .withOrigin(merged.root().origin());
    } catch (ConfigException e) {
      String otherwise = Display.origin(merged.root().origin());
      refuse("", origin(e, otherwise), detail(e), "set it, or make it optional: ${?NAME}");
      Matcher name = SUBSTITUTION.matcher(e.getMessage());
      return name.find() && !lookup.hasPath(name.group(1))
          ? resolve(merged, lookup.withValue(name.group(1), ConfigValueFactory.fromAnyRef("")))
          : ConfigFactory.empty().root();
    }
  }

  private static ConfigObject without(Config lookup, Config resolved) {
    ConfigObject own = resolved.root();
    for (String key : lookup.root().keySet()) {
      own = own.withoutKey(key);
    }
    return own;
  }

  private void refuseSyntax(ConfigException e, Path file) {
    refuse("", origin(e, file.toString()), rule(e, line(e, file)), "correct the syntax there");
  }

  private void refuse(String value, String origin, String rule, String mend) {
    problems.add(new Problem("", value, origin, rule, mend));
  }

  /** What the parser says, unless it might repeat a secret. */
  private static String rule(ConfigException e, String source) {
    return Display.secret(source) ? "is not valid HOCON" : detail(e);
  }

  private static String line(ConfigException e, Path file) {
    if (e.origin() == null) {
      return "";
    }
    String included = e.origin().filename();
    try (Stream<String> lines = Files.lines(included == null ? file : Path.of(included))) {
      return lines.skip(Math.max(0, e.origin().lineNumber() - 1)).findFirst().orElse("");
    } catch (IOException | UncheckedIOException unreadable) {
      return "";
    }
  }

  private static String origin(ConfigException e, String otherwise) {
    return e.origin() == null ? otherwise : Display.origin(e.origin());
  }

  private static String detail(ConfigException e) {
    String message = e.getMessage();
    String place = e.origin() == null ? "" : e.origin().description() + ": ";
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }

  private static String masked(String set) {
    return Display.secret(set) ? Display.MASK : set;
  }

  private static ConfigParseOptions describedAs(String origin) {
    return ConfigParseOptions.defaults().setOriginDescription(origin);
  }
}
