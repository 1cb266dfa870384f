package io.lepton.spark.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a value must be.
 *
 * @param words the rule, as a message says it after the setting's name
 * @param reader gives the value, or empty when it breaks the rule
 * @param mend from the text that broke the rule
 * @param standIn a value that keeps the rule, to go on with after a problem
 */
record Rule<T>(
    String words,
    Function<ConfigValue, Optional<T>> reader,
    Function<String, String> mend,
    T standIn) {

  Optional<T> read(ConfigValue value) {
    return reader.apply(value);
  }

  String mendFor(ConfigValue value) {
    return mend.apply(scalar(value).orElse(""));
  }

  static Rule<String> text() {
    return new Rule<>(
        "must be text that is not empty",
        value -> scalar(value).filter(text -> !text.isBlank()),
        broken -> "give it in quotes",
        "");
  }

  static Rule<Boolean> flag() {
    return new Rule<>(
        "must be true or false",
        value ->
            scalar(value)
                .filter(text -> text.equals("true") || text.equals("false"))
                .map(Boolean::valueOf),
        broken -> "give one of the two",
        false);
  }

  static Rule<Integer> integer(int least) {
    return integer(least, Integer.MAX_VALUE);
  }

  static Rule<Integer> integer(int least, int most) {
    return new Rule<>(
        "must be a whole number from %d to %d".formatted(least, most),
        value -> whole(value, least, most).map(Math::toIntExact),
        broken -> "give one in this range",
        least);
  }

  static Rule<Long> longInteger() {
    return new Rule<>(
        "must be a whole number of at most 64 bits",
        value -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE),
        broken -> "give one such as 7",
        0L);
  }

  /** A number of bytes, with or without a unit such as {@code GiB}. */
  static Rule<Long> bytes() {
    return new Rule<>(
        "must be a size",
        value -> scalar(value).flatMap(Rule::size),
        broken -> "give one such as 20 GiB",
        0L);
  }

  /** A positive length of time with a unit. */
  static Rule<Duration> time() {
    return new Rule<>(
        "must be a time with a unit, at least a millisecond",
        value -> scalar(value).flatMap(Rule::duration),
        broken -> "give one such as 10 minutes",
        Duration.ofMinutes(10));
  }

  static Rule<Double> number(Range range) {
    return new Rule<>(
        "must be a number" + range.words(),
        value -> decimal(value).map(BigDecimal::doubleValue).filter(range::contains),
        broken -> "give one such as " + range.example(),
        range.example());
  }

  static <E extends Enum<E>> Rule<E> word(Class<E> type) {
    return oneOf(List.of(type.getEnumConstants()), Display::word);
  }

  static <T> Rule<T> oneOf(List<T> values, Function<T, String> name) {
    List<String> words = values.stream().map(name).toList();
    return new Rule<>(
        words.size() == 1
            ? "must be " + words.get(0)
            : "must be one of " + String.join(", ", words),
        value -> scalar(value).map(words::indexOf).filter(i -> i >= 0).map(values::get),
        broken -> Nearest.to(broken, words).map("did you mean %s?"::formatted).orElse("choose one"),
        values.get(0));
  }

  /** An object of any settings, as Java's own values. */
  static Rule<Map<String, Object>> object() {
    return new Rule<>(
        "must be an object",
        value ->
            value instanceof ConfigObject object
                ? Optional.of(object.unwrapped())
                : Optional.empty(),
        broken -> "write it in braces: { … }",
        Map.of());
  }

  /** A list of at least one element, each of which keeps the rule {@code element}. */
  static <T> Rule<List<T>> listOf(Rule<T> element) {
    return new Rule<>(
        "must be a list, not empty, and each element " + element.words(),
        value ->
            value instanceof ConfigList list && !list.isEmpty()
                ? all(list, element)
                : Optional.empty(),
        broken -> "give one or more such elements in brackets",
        List.of());
  }

  /** A list, or its only element without the brackets. */
  static <T> Rule<List<T>> oneOrMore(Rule<T> element) {
    Rule<List<T>> many = listOf(element);
    return new Rule<>(
        many.words(),
        value -> many.read(value).or(() -> element.read(value).map(List::of)),
        many.mend(),
        many.standIn());
  }

  /** What keeps one rule or the other. */
  static Rule<Object> either(Rule<?> one, Rule<?> other) {
    return new Rule<>(
        one.words() + ", or " + other.words(),
        value -> one.read(value).<Object>map(it -> it).or(() -> other.read(value)),
        broken -> one.mend().apply(broken) + ", or " + other.mend().apply(broken),
        one.standIn());
  }

  private static <T> Optional<List<T>> all(ConfigList list, Rule<T> element) {
    List<T> elements = list.stream().map(element::read).flatMap(Optional::stream).toList();
    return elements.size() == list.size() ? Optional.of(elements) : Optional.empty();
  }

  private static Optional<Long> size(String text) {
    try {
      return Optional.of(ConfigValueFactory.fromAnyRef(text).atKey("it").getBytes("it"));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> duration(String text) {
    try {
      return Optional.of(text)
          .filter(it -> it.chars().anyMatch(Character::isLetter))
          .map(it -> ConfigValueFactory.fromAnyRef(it).atKey("it").getDuration("it"))
          .filter(it -> it.toMillis() > 0);
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> whole(ConfigValue value, long least, long most) {
    return decimal(value)
        .filter(number -> number.compareTo(BigDecimal.valueOf(least)) >= 0)
        .filter(number -> number.compareTo(BigDecimal.valueOf(most)) <= 0)
        .filter(number -> number.stripTrailingZeros().scale() <= 0)
        .map(BigDecimal::longValue);
  }

  private static Optional<BigDecimal> decimal(ConfigValue value) {
    try {
      return scalar(value).map(BigDecimal::new);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The text of a scalar as written: environment variables and overrides know no other type. */
  private static Optional<String> scalar(ConfigValue value) {
    boolean scalar =
        value.valueType() == ConfigValueType.STRING
            || value.valueType() == ConfigValueType.NUMBER
            || value.valueType() == ConfigValueType.BOOLEAN;
    return scalar ? Optional.of(value.atKey("it").getString("it")) : Optional.empty();
  }
}
