package io.lepton.spark.config;

import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Architecture;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes an architecture of a class on the class path, and blames the class for what it does. */
final class ArchitectureClass {
  private static final String INTERFACE = Architecture.class.getName();

  private ArchitectureClass() {}

  /**
   * An instance, by the constructor that takes options, or by that without parameters.
   *
   * @throws IllegalArgumentException if there cannot be one; the message is the rule and, after a
   *     semicolon, the mend
   */
  static Architecture instance(String name, Map<String, Object> options) {
    Class<?> type = load(name);
    if (!Architecture.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "is a class that is no %1$s; let it implement %1$s".formatted(INTERFACE));
    }
    Architecture architecture = (Architecture) construct(type, options);
    return (inputs, output) -> checked(() -> architecture.layers(inputs, output));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "is not a class on the class path; give its full name, and its jar by LEPTON_JARS or --jars",
          e);
    } catch (LinkageError e) {
      throw new IllegalArgumentException("cannot be loaded: %s; mend the class".formatted(e), e);
    }
  }

  private static Object construct(Class<?> type, Map<String, Object> options) {
    Optional<Constructor<?>> bare = constructor(type, 0).filter(it -> options.isEmpty());
    Optional<Constructor<?>> taking =
        constructor(type, 1).filter(it -> it.getParameterTypes()[0] == Map.class);
    try {
      if (bare.isPresent()) {
        return bare.get().newInstance();
      }
      if (taking.isPresent()) {
        return taking.get().newInstance(options);
      }
    } catch (InvocationTargetException e) {
      throw refusal(e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalArgumentException(
          "cannot be constructed: %s; let it be a public class".formatted(e), e);
    }
    throw new IllegalArgumentException(
        options.isEmpty()
            ? "has no public constructor without parameters; give it one"
            : "has no public constructor that takes a Map<String, Object> of options; give it one, or set no options");
  }

  private static Optional<Constructor<?>> constructor(Class<?> type, int parameters) {
    return Stream.of(type.getConstructors())
        .filter(it -> it.getParameterCount() == parameters)
        .findFirst();
  }

  private static List<Node> checked(Supplier<List<Node>> layers) {
    List<Node> made;
    try {
      made = layers.get();
    } catch (RuntimeException | LinkageError e) {
      throw refusal(e);
    }
    if (made == null || made.isEmpty() || made.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "must make one layer or more, none of them null, but made: %s; mend the class"
              .formatted(made));
    }
    return made;
  }

  private static IllegalArgumentException refusal(Throwable thrown) {
    boolean meant = thrown instanceof IllegalArgumentException && thrown.getMessage() != null;
    String words = meant ? thrown.getMessage() : "threw " + thrown;
    return new IllegalArgumentException(
        words.contains("; ") ? words : words + "; mend the class or its options", thrown);
  }
}
