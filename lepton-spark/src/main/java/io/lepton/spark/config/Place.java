package io.lepton.spark.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Collection;
import java.util.Optional;

/** An object of a configuration, where it lies, and what is wrong there. */
record Place(ConfigObject values, String path, Problems problems) {
  private static final String ARGUMENT = ", but was: ";

  /** The value at a key; a null is the same as no value. */
  Optional<ConfigValue> find(String key) {
    return Optional.ofNullable(values.get(key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  String pathOf(String key) {
    return Display.path(path, key);
  }

  String pathOf(String key, int index) {
    return "%s[%d]".formatted(pathOf(key), index);
  }

  void refuse(String rule, String mend) {
    problems.add(new Problem(path, "", Display.origin(values.origin()), rule, mend));
  }

  void refuse(String key, String rule, String mend) {
    refuse(pathOf(key), key, find(key), rule, mend);
  }

  void refuse(String key, int index, String rule, String mend) {
    Optional<ConfigValue> element =
        find(key).map(ConfigList.class::cast).map(list -> list.get(index));
    refuse(pathOf(key, index), key, element, rule, mend);
  }

  void contradiction(String key, String other) {
    ConfigValue value = find(other).orElseThrow();
    String rule =
        "contradicts %s = %s (%s)"
            .formatted(pathOf(other), Display.value(other, value), Display.origin(value.origin()));
    refuse(key, rule, "keep one of the two");
  }

  /** Tells what a constructor said, at the key that its message starts with if there is one. */
  void refuseArguments(IllegalArgumentException refusal, Collection<String> keys) {
    String message = refusal.getMessage();
    Optional<String> key = keys.stream().filter(it -> message.startsWith(it + " ")).findFirst();
    String rule = message.substring(key.map(it -> it.length() + 1).orElse(0)).split(ARGUMENT, 2)[0];
    key.ifPresentOrElse(
        it -> refuse(it, rule, "give a value that keeps this rule"),
        () -> refuse(rule, "change the settings below it"));
  }

  private void refuse(
      String at, String key, Optional<ConfigValue> value, String rule, String mend) {
    String shown = value.map(it -> Display.value(key, it)).orElse("");
    String origin = Display.origin(value.orElse(values).origin());
    problems.add(new Problem(at, shown, origin, rule, mend));
  }
}
