package io.lepton.spark.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a configuration came to be: each setting that was read, and where its value is from. */
sealed interface Effective {

  /** Writes HOCON that reads back to the same settings, a line for each value. */
  void write(String key, String indent, StringBuilder out);

  /** A value as HOCON, and its origin. */
  record Value(String hocon, String origin) implements Effective {
    @Override
    public void write(String key, String indent, StringBuilder out) {
      out.append("%s%s = %s  # %s\n".formatted(indent, key, hocon, origin));
    }
  }

  /** Settings by key, in the order of reading; grows while it is read. */
  record Section(Map<String, Effective> settings) implements Effective {
    Section() {
      this(new LinkedHashMap<>());
    }

    String render() {
      StringBuilder out = new StringBuilder();
      writeSettings("", out);
      return out.toString();
    }

    @Override
    public void write(String key, String indent, StringBuilder out) {
      out.append(indent).append(key.isEmpty() ? "" : key + " ");
      if (settings.isEmpty()) {
        out.append("{}\n");
        return;
      }
      out.append("{\n");
      writeSettings(indent + "  ", out);
      out.append(indent).append("}\n");
    }

    private void writeSettings(String indent, StringBuilder out) {
      settings.forEach((key, setting) -> setting.write(Display.key(key), indent, out));
    }
  }

  /** A list of objects. */
  record Items(List<Section> sections) implements Effective {
    @Override
    public void write(String key, String indent, StringBuilder out) {
      out.append(indent).append(key).append(" = [\n");
      sections.forEach(section -> section.write("", indent + "  ", out));
      out.append(indent).append("]\n");
    }
  }
}
