package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.ModelInput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.sql.types.StructType;

/**
 * How the columns of one schema become the columns of shards: inputs in their order, the label, the
 * weight if there is one. Where that depends on the training set it is not whole until it is {@link
 * #fitted}. Tasks get the columns and decoders only.
 */
public final class DataBinding implements Serializable {
  private final transient DataSpec resolved;
  private final transient Map<String, String> types;
  private final transient List<BoundInput> bound;
  private final transient List<BoundTarget> targets;
  private final transient List<ModelInput> inputs;
  private final List<String> sources;
  private final List<ColumnSpec> columns;
  private final List<ColumnDecoder> decoders;

  /** A binding before it is fitted. */
  DataBinding(
      DataSpec resolved,
      List<String> sources,
      Map<String, String> types,
      List<BoundInput> bound,
      List<BoundTarget> targets) {
    this(
        resolved,
        sources,
        types,
        bound,
        targets,
        bound.stream().map(BoundInput::planned).toList(),
        bound.stream().allMatch(input -> input.tallies().isEmpty()));
  }

  private DataBinding(
      DataSpec resolved,
      List<String> sources,
      Map<String, String> types,
      List<BoundInput> bound,
      List<BoundTarget> targets,
      List<FittedInput> fitted,
      boolean whole) {
    this.resolved = resolved;
    this.sources = sources;
    this.types = types;
    this.bound = bound;
    this.targets = targets;
    List<ModelInput> seen = new ArrayList<>();
    List<ColumnSpec> stored = new ArrayList<>();
    List<ColumnDecoder> decoding = new ArrayList<>();
    ToIntFunction<String> place = sources::indexOf;
    for (int i = 0; i < bound.size(); i++) {
      seen.addAll(bound.get(i).modelInputs(fitted.get(i)));
      if (whole) {
        decoding.addAll(bound.get(i).decoders(place, stored.size(), fitted.get(i)));
      }
      stored.addAll(bound.get(i).columns());
    }
    for (BoundTarget target : targets) {
      decoding.add(target.decoder(place, stored.size()));
      stored.add(target.column());
    }
    this.inputs = List.copyOf(seen);
    this.columns = List.copyOf(stored);
    this.decoders = whole ? List.copyOf(decoding) : null;
  }

  /**
   * Binds a specification to a schema.
   *
   * @throws SchemaException listing every column that is missing or of a type that does not fit
   */
  public static DataBinding bind(DataSpec spec, StructType schema) {
    return new DataBinder(spec, schema).bind();
  }

  /**
   * The same with what the training set decided.
   *
   * @throws SchemaException if a column has another type than it had there, listing all
   * @throws IllegalArgumentException if the fitting is of other inputs
   */
  public DataBinding fitted(Fitting fitting) {
    List<String> names = bound.stream().map(BoundInput::name).toList();
    List<String> given = fitting.inputs().stream().map(FittedInput::name).toList();
    if (!names.equals(given)) {
      throw new IllegalArgumentException(
          "a fitting must be of inputs %s, but was of: %s".formatted(names, given));
    }
    List<String> changed = new ArrayList<>();
    types.forEach(
        (column, type) -> {
          String then = fitting.columnTypes().get(column);
          if (!ColumnTypes.mean(type).equals(ColumnTypes.mean(then))) {
            changed.add(
                "column '%s' must be %s, as it was in the training set, but was: %s; cast it, or train again"
                    .formatted(column, then, type));
          }
        });
    if (!changed.isEmpty()) {
      throw new SchemaException(changed);
    }
    return new DataBinding(resolved, sources, types, bound, targets, fitting.inputs(), true);
  }

  /**
   * The specification with every pattern of names replaced by the names it stood for: what another
   * data set has to be bound with to give the same columns in the same order.
   */
  public DataSpec resolved() {
    return resolved;
  }

  /** The columns of a shard. */
  public List<ColumnSpec> columns() {
    return columns;
  }

  /**
   * What the model sees. Before a fitting, statistics stand at 0 and 1 and dictionaries at their
   * largest: good to plan with, not to train.
   */
  public List<ModelInput> inputs() {
    return inputs;
  }

  /**
   * The column of a shard that holds a label; that of an input, if the input is to be
   * reconstructed.
   */
  public ColumnSpec label(LabelSpec label) {
    String name = label.hasColumn() ? label.name() : label.input();
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no label " + label));
  }

  /** Whether the last column of a shard is an example weight. */
  public boolean weighted() {
    return resolved.weight().isPresent();
  }

  /** The columns of the DataFrame that are read, in the schema's order. */
  public List<String> sources() {
    return sources;
  }

  /** The types of the inputs' columns, as Spark SQL names them. */
  Map<String, String> types() {
    return types;
  }

  List<BoundInput> bound() {
    return bound;
  }

  /**
   * What writes the columns: a copy for one task, as decoders keep scratch memory.
   *
   * @throws IllegalStateException if that is for the training set to decide, and was not yet
   */
  List<ColumnDecoder> decoders() {
    if (decoders == null) {
      throw new IllegalStateException("data must be fitted before it is ingested, but was not");
    }
    return SerializationUtils.clone(new ArrayList<>(decoders));
  }
}
