package io.lepton.spark.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.TreeMap;

/** Settings by path, to compare. */
public final class SettingValues {
  private final Map<String, String> values = new TreeMap<>();

  private SettingValues() {}

  /**
   * The values of an effective configuration by dotted path, as HOCON.
   *
   * @param effective as {@link JobConfiguration#effective} is
   */
  public static Map<String, String> of(String effective) {
    SettingValues all = new SettingValues();
    all.add("", ConfigFactory.parseString(effective).root());
    return all.values;
  }

  private void add(String path, ConfigValue value) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      object.forEach((key, inner) -> add(Display.path(path, key), inner));
    } else if (value instanceof ConfigList list && list.stream().anyMatch(this::isObject)) {
      for (int i = 0; i < list.size(); i++) {
        add("%s[%d]".formatted(path, i), list.get(i));
      }
    } else {
      values.put(path, value.render(ConfigRenderOptions.concise()));
    }
  }

  private boolean isObject(ConfigValue value) {
    return value instanceof ConfigObject;
  }
}
