package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * How the columns of one schema become the columns of shards: inputs in their order, the label, the
 * weight if there is one.
 */
public final class DataBinding implements Serializable {
  private final List<String> sources;
  private final List<ColumnSpec> columns;
  private final List<ColumnDecoder> decoders;
  private final boolean weighted;
  private final DataSpec resolved;

  private DataBinding(
      List<String> sources,
      List<ColumnSpec> columns,
      List<ColumnDecoder> decoders,
      DataSpec resolved) {
    this.sources = List.copyOf(sources);
    this.columns = List.copyOf(columns);
    this.decoders = List.copyOf(decoders);
    this.weighted = resolved.weight().isPresent();
    this.resolved = resolved;
  }

  /**
   * Binds a specification to a schema.
   *
   * @throws SchemaException listing every column that is missing or of a type that does not fit
   */
  public static DataBinding bind(DataSpec spec, StructType schema) {
    return new Binder(spec, schema).bind();
  }

  /**
   * The specification with every pattern of names replaced by the names it stood for: what another
   * data set has to be bound with to give the same columns in the same order.
   */
  public DataSpec resolved() {
    return resolved;
  }

  /** The columns to scan, in the schema's order. */
  List<String> sources() {
    return sources;
  }

  /** The columns of a shard. */
  public List<ColumnSpec> columns() {
    return columns;
  }

  /** The input columns of a shard. */
  public List<ColumnSpec> inputs() {
    return columns.subList(0, columns.size() - (weighted ? 2 : 1));
  }

  /** The label column of a shard. */
  public ColumnSpec label() {
    return columns.get(columns.size() - (weighted ? 2 : 1));
  }

  /** Whether the last column of a shard is an example weight. */
  public boolean weighted() {
    return weighted;
  }

  List<ColumnDecoder> decoders() {
    return decoders;
  }

  private static final class Binder {
    private final DataSpec spec;
    private final StructType schema;
    private final List<String> problems = new ArrayList<>();
    private final List<ColumnSpec> columns = new ArrayList<>();
    private final List<ColumnDecoder> decoders = new ArrayList<>();
    private List<String> sources = List.of();

    Binder(DataSpec spec, StructType schema) {
      this.spec = spec;
      this.schema = schema;
    }

    DataBinding bind() {
      List<List<String>> inputs = spec.inputs().stream().map(this::expand).toList();
      Set<String> wanted = new LinkedHashSet<>();
      inputs.forEach(wanted::addAll);
      require(wanted, spec.label().column(), "data.label");
      spec.weight().ifPresent(weight -> require(wanted, weight, "data.weight-column"));
      refuseProblems();
      sources = Arrays.stream(schema.fieldNames()).filter(wanted::contains).toList();
      for (int i = 0; i < inputs.size(); i++) {
        input(spec.inputs().get(i), inputs.get(i));
      }
      label();
      spec.weight().ifPresent(this::weight);
      refuseProblems();
      return new DataBinding(sources, columns, decoders, resolved(inputs));
    }

    private DataSpec resolved(List<List<String>> names) {
      List<InputSpec> inputs = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        InputSpec input = spec.inputs().get(i);
        inputs.add(new InputSpec(input.name(), names.get(i), input.kind()));
      }
      return new DataSpec(inputs, spec.label(), spec.weightColumn());
    }

    private void refuseProblems() {
      if (!problems.isEmpty()) {
        throw new SchemaException(problems);
      }
    }

    private List<String> expand(InputSpec input) {
      Set<String> names = new LinkedHashSet<>();
      if (input.columns().isEmpty()) {
        problems.add(place(input) + ": columns must name at least one column, but there are none");
      }
      for (String pattern : input.columns()) {
        if (pattern.endsWith("*")) {
          String prefix = pattern.substring(0, pattern.length() - 1);
          List<String> matches =
              Arrays.stream(schema.fieldNames())
                  .filter(name -> name.startsWith(prefix) && !isTarget(name))
                  .toList();
          if (matches.isEmpty()) {
            problems.add(
                "%s: no column starts with '%s'; there are: %s"
                    .formatted(place(input), prefix, String.join(", ", schema.fieldNames())));
          }
          names.addAll(matches);
        } else {
          require(names, pattern, place(input));
        }
      }
      return List.copyOf(names);
    }

    private boolean isTarget(String name) {
      return name.equals(spec.label().column()) || name.equals(spec.weightColumn());
    }

    private void require(Set<String> names, String name, String place) {
      if (Arrays.asList(schema.fieldNames()).contains(name)) {
        names.add(name);
      } else {
        problems.add(
            "%s: there is no column '%s'; the nearest is '%s', of: %s"
                .formatted(place, name, nearest(name), String.join(", ", schema.fieldNames())));
      }
    }

    private String nearest(String name) {
      LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
      return Arrays.stream(schema.fieldNames())
          .min((a, b) -> Integer.compare(distance.apply(name, a), distance.apply(name, b)))
          .orElse("none");
    }

    private void input(InputSpec input, List<String> names) {
      DataType first = type(names.get(0));
      if (first instanceof BinaryType) {
        bytes(input, names);
      } else if (first instanceof ArrayType array) {
        array(input, names, array);
      } else {
        numbers(input, names);
      }
    }

    private void bytes(InputSpec input, List<String> names) {
      if (type(input) != ElementType.UINT8 || names.size() != 1 || shape(input).isEmpty()) {
        problems.add(
            "%s: binary column '%s' makes an input on its own, of type image and with a shape,"
                    .formatted(place(input), names.get(0))
                + " but type was %s, columns %s and shape %s"
                    .formatted(type(input), names, shape(input)));
        return;
      }
      ColumnSpec column = new ColumnSpec(input.name(), type(input), shape(input));
      decoders.add(
          new BytesDecoder(
              names.get(0), sources.indexOf(names.get(0)), columns.size(), column.width()));
      columns.add(column);
    }

    private void array(InputSpec input, List<String> names, ArrayType array) {
      Optional<NumberType> from = NumberType.of(array.elementType());
      if (from.isEmpty() || names.size() != 1 || shape(input).isEmpty()) {
        problems.add(
            "%s: array column '%s' makes an input on its own, of numbers and with a shape,"
                    .formatted(place(input), names.get(0))
                + " but it was %s, columns %s and shape %s"
                    .formatted(array.catalogString(), names, shape(input)));
        return;
      }
      if (!fits(input, names.get(0), from.get())) {
        return;
      }
      ColumnSpec column = new ColumnSpec(input.name(), type(input), shape(input));
      decoders.add(
          new ArrayDecoder(
              names.get(0),
              sources.indexOf(names.get(0)),
              columns.size(),
              from.get(),
              type(input),
              column.width(),
              rule(type(input))));
      columns.add(column);
    }

    private void numbers(InputSpec input, List<String> names) {
      List<Integer> shape = shape(input).isEmpty() ? List.of(names.size()) : shape(input);
      ColumnSpec column = new ColumnSpec(input.name(), type(input), shape);
      if (column.width() != names.size()) {
        problems.add(
            "%s: shape %s takes %d columns, but there are %d: %s"
                .formatted(place(input), shape, column.width(), names.size(), names));
      }
      for (int i = 0; i < names.size(); i++) {
        Optional<NumberType> from = number(place(input), names.get(i));
        if (from.isPresent() && fits(input, names.get(i), from.get())) {
          decoders.add(decoder(names.get(i), from.get(), type(input), i, rule(type(input))));
        }
      }
      columns.add(column);
    }

    private void label() {
      String name = spec.label().column();
      Optional<NumberType> from = number("data.label", name);
      int classes = spec.label().classes();
      ElementType to = classes > 0 ? ElementType.INT32 : ElementType.FLOAT32;
      Rule rule = classes > 0 ? new Rule.Whole(0, classes - 1L, "classes") : new Rule.Finite();
      from.ifPresent(type -> decoders.add(decoder(name, type, to, 0, rule)));
      columns.add(new ColumnSpec("label", to, List.of()));
    }

    private void weight(String name) {
      number("data.weight-column", name)
          .ifPresent(
              type ->
                  decoders.add(
                      decoder(name, type, ElementType.FLOAT32, 0, new Rule.NotNegative())));
      columns.add(new ColumnSpec("weight", ElementType.FLOAT32, List.of()));
    }

    private NumberDecoder decoder(
        String name, NumberType from, ElementType to, int element, Rule rule) {
      return new NumberDecoder(
          name, sources.indexOf(name), columns.size(), from, to, element, rule);
    }

    private Optional<NumberType> number(String place, String name) {
      Optional<NumberType> number = NumberType.of(type(name));
      if (number.isEmpty()) {
        problems.add(
            "%s: column '%s' must be a number, but was: %s; cast it, or take another"
                .formatted(place, name, type(name).catalogString()));
      }
      return number;
    }

    private boolean fits(InputSpec input, String name, NumberType from) {
      boolean real = type(input) == ElementType.FLOAT32 || type(input) == ElementType.FLOAT64;
      if (!real && !from.integral()) {
        problems.add(
            "%s: column '%s' is %s and does not fit type %s; use type = float32"
                .formatted(place(input), name, from, type(input)));
      }
      return real || from.integral();
    }

    private static Rule rule(ElementType type) {
      return switch (type) {
        case FLOAT32, FLOAT64 -> new Rule.Finite();
        case INT32 -> new Rule.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE, "int32 values");
        case INT64 -> new Rule.Whole(Long.MIN_VALUE, Long.MAX_VALUE, "int64 values");
        case UINT8 -> new Rule.Whole(0, 255, "uint8 values");
        case BOOL -> new Rule.Whole(0, 1, "boolean values");
      };
    }

    private DataType type(String name) {
      return schema.apply(name).dataType();
    }

    private static ElementType type(InputSpec input) {
      return input.kind() instanceof InputKind.Numbers numbers ? numbers.type() : ElementType.UINT8;
    }

    private static List<Integer> shape(InputSpec input) {
      if (input.kind() instanceof InputKind.Image image) {
        return image.shape();
      }
      return input.kind() instanceof InputKind.Numbers numbers ? numbers.shape() : List.of();
    }

    private static String place(InputSpec input) {
      return "data.inputs." + input.name();
    }
  }
}
