package io.lepton.tf.model;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern of names of variables, such as {@code *}{@code /bias}: a star stands for any
 * characters, none and slashes too, all else for itself.
 */
record NamePattern(String text) {
  boolean matches(String name) {
    String expression = Pattern.quote(text).replace("*", "\\E.*\\Q");
    return Pattern.matches(expression, name);
  }

  static boolean anyMatches(List<String> patterns, String name) {
    return patterns.stream().anyMatch(text -> new NamePattern(text).matches(name));
  }
}
