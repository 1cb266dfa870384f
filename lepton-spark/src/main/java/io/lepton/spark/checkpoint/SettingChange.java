package io.lepton.spark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A setting that is not what it was.
 *
 * @param path dotted
 * @param before null if it was not set
 * @param after null if it is not set
 */
public record SettingChange(String path, String before, String after) {
  /** All changes from some settings to others, by path. */
  public static List<SettingChange> between(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<SettingChange> changes = new ArrayList<>();
    for (String path : paths) {
      SettingChange change = new SettingChange(path, before.get(path), after.get(path));
      if (change.before == null || !change.before.equals(change.after)) {
        changes.add(change);
      }
    }
    return changes;
  }

  @Override
  public String toString() {
    return "%s: %s → %s".formatted(path, shown(before), shown(after));
  }

  private static String shown(String value) {
    return value == null ? "not set" : value;
  }
}
