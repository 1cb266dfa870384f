package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** Finds the columns of a schema that are asked for, and collects what is wrong with them. */
final class ColumnFinder {
  private final StructType schema;
  private final Set<String> targets;
  private final List<String> problems = new ArrayList<>();

  /**
   * A finder.
   *
   * @param targets columns that patterns do not stand for
   */
  ColumnFinder(StructType schema, Set<String> targets) {
    this.schema = schema;
    this.targets = Set.copyOf(targets);
  }

  /** Notes what is wrong at a place of the configuration. */
  void refuse(String place, String problem) {
    problems.add(place + ": " + problem);
  }

  /**
   * Ends the search.
   *
   * @throws SchemaException if anything was wrong
   */
  void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  /** All that names and patterns stand for, each once. */
  List<String> expand(String place, List<String> patterns) {
    if (patterns.isEmpty()) {
      refuse(place, "columns must name at least one column, but there are none");
    }
    Set<String> names = new LinkedHashSet<>();
    for (String pattern : patterns) {
      if (pattern.endsWith("*")) {
        names.addAll(startingWith(place, pattern.substring(0, pattern.length() - 1)));
      } else if (exists(place, pattern)) {
        names.add(pattern);
      }
    }
    return List.copyOf(names);
  }

  /** Whether a column is there; a problem if not. */
  boolean exists(String place, String name) {
    if (Arrays.asList(schema.fieldNames()).contains(name)) {
      return true;
    }
    refuse(
        place,
        "there is no column '%s'; the nearest is '%s', of: %s"
            .formatted(name, nearest(name), String.join(", ", schema.fieldNames())));
    return false;
  }

  DataType type(String name) {
    return schema.apply(name).dataType();
  }

  /** The type of a column, as Spark SQL names it, or the name of a user-defined one. */
  String typeName(String name) {
    return type(name) instanceof UserDefinedType<?> udt
        ? udt.typeName()
        : type(name).catalogString();
  }

  List<String> typeNames(List<String> names) {
    return names.stream().map(this::typeName).toList();
  }

  /** The type of a column of numbers; a problem if it has none. */
  Optional<NumberType> number(String place, String name) {
    Optional<NumberType> number = NumberType.of(type(name));
    if (number.isEmpty()) {
      refuse(
          place,
          "column '%s' must be a number, but was: %s; cast it, or take another"
              .formatted(name, typeName(name)));
    }
    return number;
  }

  /** A column of a shard; a problem if it cannot have that shape. */
  Optional<ColumnSpec> column(String place, String name, ElementType type, List<Integer> shape) {
    try {
      return Optional.of(new ColumnSpec(name, type, shape));
    } catch (IllegalArgumentException e) {
      refuse(place, e.getMessage());
      return Optional.empty();
    }
  }

  /** Those of some columns that are wanted, in the order of the schema. */
  List<String> inOrder(Set<String> wanted) {
    return Arrays.stream(schema.fieldNames()).filter(wanted::contains).toList();
  }

  private List<String> startingWith(String place, String prefix) {
    List<String> matches =
        Arrays.stream(schema.fieldNames())
            .filter(name -> name.startsWith(prefix) && !targets.contains(name))
            .toList();
    if (matches.isEmpty()) {
      refuse(
          place,
          "no column starts with '%s'; there are: %s"
              .formatted(prefix, String.join(", ", schema.fieldNames())));
    }
    return matches;
  }

  private String nearest(String name) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return Arrays.stream(schema.fieldNames())
        .min((a, b) -> Integer.compare(distance.apply(name, a), distance.apply(name, b)))
        .orElse("none");
  }
}
