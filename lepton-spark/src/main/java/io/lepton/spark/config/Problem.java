package io.lepton.spark.config;

import java.io.Serializable;

/**
 * One thing wrong with a configuration, and how to mend it.
 *
 * @param path of the setting, dotted; empty when a whole file or override is at fault
 * @param value as written, masked if it is a secret; empty when there is none
 * @param origin file and line, {@code --set}, or the environment variable
 * @param rule that was broken
 * @param mend what to do about it
 */
public record Problem(String path, String value, String origin, String rule, String mend)
    implements Serializable {

  @Override
  public String toString() {
    return "%s: %s; %s".formatted(place(), rule, mend);
  }

  private String place() {
    if (path.isEmpty()) {
      return value.isEmpty() ? origin : origin + " " + value;
    }
    return value.isEmpty()
        ? "%s (%s)".formatted(path, origin)
        : "%s = %s (%s)".formatted(path, value, origin);
  }
}
