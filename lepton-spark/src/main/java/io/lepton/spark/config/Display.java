package io.lepton.spark.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How paths, values and origins are printed; secrets never are. */
final class Display {
  static final String MASK = "******";
  static final String OVERRIDE = "--set";
  static final String DEFAULT = "default";

  private static final int LONGEST_VALUE = 100;
  private static final Pattern SECRET =
      Pattern.compile("password|secret|token|credential|access[-_.]?key", Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern OVERRIDE_LINE = Pattern.compile(Pattern.quote(OVERRIDE) + ": \\d+");
  private static final String MERGED = "merge of ";

  private Display() {}

  /** Whether the text names a secret, such as {@code access-key}. */
  static boolean secret(String text) {
    return SECRET.matcher(text).find();
  }

  static String path(String parent, String key) {
    String child = key(key);
    return parent.isEmpty() ? child : parent + "." + child;
  }

  /** A key as HOCON wants it, in quotes where it needs them. */
  static String key(String key) {
    return PLAIN_KEY.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
  }

  /** A value as it was written, on one line; objects are not opened. */
  static String value(String key, ConfigValue value) {
    String text = secret(key) ? MASK : open(value);
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }

  /** A value of ours as HOCON. */
  static String hocon(String key, Object value) {
    return ConfigValueFactory.fromAnyRef(shown(key, value)).render(ConfigRenderOptions.concise());
  }

  /** The word for an enum's constant in configuration files, e.g. {@code leaky-relu}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** File and line; of a merged object the files only, overrides left out. */
  static String origin(ConfigOrigin origin) {
    String text = OVERRIDE_LINE.matcher(origin.description()).replaceAll(OVERRIDE);
    if (!text.startsWith(MERGED)) {
      return text;
    }
    List<String> parts =
        Arrays.stream(text.substring(MERGED.length()).split(",", -1)).distinct().toList();
    List<String> files = parts.stream().filter(part -> !part.equals(OVERRIDE)).toList();
    return String.join(", ", files.isEmpty() ? parts : files);
  }

  private static String open(ConfigValue value) {
    if (value.valueType() == ConfigValueType.OBJECT) {
      return "{…}";
    }
    if (value instanceof ConfigList list) {
      return list.stream().map(Display::open).collect(Collectors.joining(", ", "[", "]"));
    }
    return value.render(ConfigRenderOptions.concise());
  }

  private static Object shown(String key, Object value) {
    return secret(key) ? MASK : plain(value);
  }

  private static Object plain(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Display::plain).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> shown = new TreeMap<>();
      map.forEach((key, it) -> shown.put((String) key, shown((String) key, it)));
      return shown;
    }
    if (value instanceof Duration time) {
      return time.toMillis() + "ms";
    }
    return value instanceof Enum<?> constant ? word(constant) : value;
  }
}
