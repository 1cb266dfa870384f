package io.lepton.spark.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cursor over one object of a configuration.
 *
 * <p>Reading never throws: a value that breaks its rule becomes a problem, and a stand-in that
 * keeps the rule is returned so that reading goes on. What is read is remembered: other keys are
 * unknown, and what was read is the effective configuration. A null is the same as no value.
 */
final class Settings {
  private static final ConfigObject NOTHING = ConfigFactory.empty().root();

  private final Place place;
  private final Effective.Section effective = new Effective.Section();
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Settings> children = new ArrayList<>();

  private Settings(Place place) {
    this.place = place;
  }

  static Settings root(ConfigObject values, Problems problems) {
    return new Settings(new Place(values, "", problems));
  }

  /** The one key of an object that says what the object is, and the settings below it. */
  record Variant(String kind, Settings settings) {}

  boolean has(String key) {
    return find(key).isPresent();
  }

  /** An object without settings that stands nowhere. */
  static Settings nothing() {
    return silent("");
  }

  /** Whether there is an object at a key. */
  boolean isObject(String key) {
    return find(key).orElse(null) instanceof ConfigObject;
  }

  /** Whether there is no setting here at all. */
  boolean isEmpty() {
    return keys().stream().noneMatch(key -> place.find(key).isPresent());
  }

  <T> T required(String key, Rule<T> rule) {
    if (!has(key)) {
      refuse(key, "must be set", "add %s = …".formatted(Display.key(key)));
    }
    return optional(key, rule).orElse(rule.standIn());
  }

  <T> T orDefault(String key, T fallback, Rule<T> rule) {
    if (!has(key)) {
      record(key, fallback, Display.DEFAULT);
    }
    return optional(key, rule).orElse(fallback);
  }

  <T> Optional<T> optional(String key, Rule<T> rule) {
    Optional<ConfigValue> written = find(key);
    Optional<T> value = written.flatMap(rule::read);
    if (written.isPresent() && value.isEmpty()) {
      refuse(key, rule.words(), rule.mendFor(written.get()));
    }
    value.ifPresent(it -> record(key, it, Display.origin(written.orElseThrow().origin())));
    return value;
  }

  /** The object at a key; one without settings if there is none. */
  Settings section(String key) {
    Settings section = open(key, find(key).orElseGet(() -> nothingHere()));
    children.add(section);
    effective.settings().put(key, section.effective);
    return section;
  }

  Optional<Settings> optionalSection(String key) {
    return has(key) ? Optional.of(section(key)) : Optional.empty();
  }

  /** The objects at every key of this one, by name. */
  Map<String, Settings> named() {
    Map<String, Settings> sections = new TreeMap<>();
    keys().forEach(key -> optionalSection(key).ifPresent(it -> sections.put(key, it)));
    return sections;
  }

  /** The values at every key of this one, by name. */
  <T> Map<String, T> values(Rule<T> rule) {
    Map<String, T> values = new TreeMap<>();
    keys().forEach(key -> optional(key, rule).ifPresent(it -> values.put(key, it)));
    return values;
  }

  /** The objects of the list at a key, at least one. */
  List<Settings> items(String key) {
    if (!(find(key).orElse(null) instanceof ConfigList list) || list.isEmpty()) {
      refuse(key, "must be a list of objects, not empty", "write %s = [{ … }]".formatted(key));
      return List.of();
    }
    List<Settings> items =
        IntStream.range(0, list.size()).mapToObj(i -> open(key, i, list.get(i))).toList();
    children.addAll(items);
    List<Effective.Section> sections = items.stream().map(it -> it.effective).toList();
    effective.settings().put(key, new Effective.Items(sections));
    return items;
  }

  /** Of an object with one key: the key, one of {@code kinds}, and the settings below it. */
  Optional<Variant> variant(List<String> kinds) {
    List<String> present = keys().stream().filter(this::has).toList();
    List<String> real = present.stream().filter(kinds::contains).toList();
    present.stream().filter(key -> !real.contains(key)).forEach(key -> refuseKind(key, kinds));
    if (present.isEmpty()) {
      place.refuse(
          "must hold one of " + String.join(", ", kinds),
          "write { %s {} }".formatted(kinds.get(0)));
    }
    if (real.size() > 1) {
      place.contradiction(real.get(0), real.get(1));
    }
    return real.size() == 1
        ? Optional.of(new Variant(real.get(0), section(real.get(0))))
        : Optional.empty();
  }

  /** Refuses more and fewer than one of several settings. */
  void exactlyOne(String... keys) {
    List<String> present = Stream.of(keys).filter(this::has).toList();
    if (present.size() > 1) {
      contradiction(present.get(0), present.get(1));
    } else if (present.isEmpty()) {
      String others =
          Stream.of(keys).skip(1).map(place::pathOf).collect(Collectors.joining(" or "));
      String mend = keys.length == 2 ? "add one of the two" : "add one of them";
      refuse(keys[0], "must be set, or else " + others, mend);
    }
  }

  /** The one setting of several that is there; the first, to be read, if there is none. */
  String oneOf(String... keys) {
    List<String> present = Stream.of(keys).filter(this::has).toList();
    if (present.size() > 1) {
      contradiction(present.get(0), present.get(1));
    }
    return present.isEmpty() ? keys[0] : present.get(0);
  }

  /** Refuses a setting beside another. */
  void contradiction(String key, String other) {
    place.contradiction(key, other);
  }

  boolean noneWrong(String key) {
    return place.problems().noneAt(place.pathOf(key));
  }

  /** What the constructor makes; empty, and a problem, if it refuses its arguments. */
  <T> Optional<T> make(Supplier<T> constructor) {
    try {
      return Optional.of(constructor.get());
    } catch (IllegalArgumentException e) {
      place.refuseArguments(e, known);
      return Optional.empty();
    }
  }

  /** A problem with the setting at a key. */
  void refuse(String key, String rule, String mend) {
    place.refuse(key, rule, mend);
  }

  /** A problem with one element of the list at a key. */
  void refuse(String key, int index, String rule, String mend) {
    place.refuse(key, index, rule, mend);
  }

  /** A problem for each key that was never asked for, with the nearest one that was. */
  void refuseUnknown() {
    List<String> everything = new ArrayList<>();
    listKnown(everything);
    refuseUnknown(everything);
  }

  /** All that was read, as HOCON with the origin of each value. */
  String effective() {
    return effective.render();
  }

  private void refuseUnknown(List<String> everything) {
    keys().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> refuse(key, "is not a setting", nearest(key, everything)));
    children.forEach(child -> child.refuseUnknown(everything));
  }

  private String nearest(String key, List<String> everything) {
    return Nearest.to(key, known)
        .map(place::pathOf)
        .or(() -> everything.stream().filter(it -> it.endsWith("." + key)).findFirst())
        .map("did you mean %s?"::formatted)
        .orElseGet(() -> known.isEmpty() ? "remove it" : "remove it, or use one of " + offer());
  }

  private String offer() {
    return String.join(", ", known);
  }

  private void listKnown(List<String> paths) {
    known.forEach(key -> paths.add(place.pathOf(key)));
    children.forEach(child -> child.listKnown(paths));
  }

  private Settings open(String key, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return new Settings(new Place(object, place.pathOf(key), place.problems()));
    }
    refuse(key, "must be an object", "write %s { … }".formatted(Display.key(key)));
    return silent(place.pathOf(key));
  }

  private Settings open(String key, int index, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return new Settings(new Place(object, place.pathOf(key, index), place.problems()));
    }
    refuse(key, index, "must be an object", "write it in braces: { … }");
    return silent(place.pathOf(key, index));
  }

  private ConfigObject nothingHere() {
    return NOTHING.withOrigin(place.values().origin());
  }

  /** Nothing to read below a value that was already refused, and nothing more to say about it. */
  private static Settings silent(String path) {
    return new Settings(new Place(NOTHING, path, new Problems()));
  }

  private void refuseKind(String key, List<String> kinds) {
    refuse(
        key,
        "is not one of " + String.join(", ", kinds),
        Nearest.to(key, kinds).map("did you mean %s?"::formatted).orElse("choose one"));
  }

  private void record(String key, Object value, String origin) {
    effective.settings().put(key, new Effective.Value(Display.hocon(key, value), origin));
  }

  private Set<String> keys() {
    return new TreeSet<>(place.values().keySet());
  }

  private Optional<ConfigValue> find(String key) {
    known.add(key);
    return place.find(key);
  }
}
