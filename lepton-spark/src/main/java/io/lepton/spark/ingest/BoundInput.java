package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.model.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** An input, bound to columns that are there and fit. Lives on the driver. */
abstract class BoundInput {
  static final String MASK_IS_FOR_NUMBERS =
      "missing = mask is for numbers and sequences; use fill, fail or drop-row";

  private final String name;
  private final List<String> sources;

  /**
   * An input.
   *
   * @param sources its columns in the DataFrame
   */
  BoundInput(String name, List<String> sources) {
    this.name = name;
    this.sources = List.copyOf(sources);
  }

  final String name() {
    return name;
  }

  final List<String> sources() {
    return sources;
  }

  /** The columns of a shard it becomes. */
  abstract List<ColumnSpec> columns();

  /** What has to be gathered from the training set; empty if it depends on none. */
  List<Tally> tallies() {
    return List.of();
  }

  /** What is decided of it before the training set was seen; its dictionaries are unknown. */
  FittedInput planned() {
    return FittedInput.of(name, List.of());
  }

  /**
   * What the training set decides of it; only called if there were tallies.
   *
   * @param gathered by {@link #tallies}, over all rows
   * @param problems gets what cannot be decided
   */
  FittedInput fit(List<Tally> gathered, List<String> problems) {
    return planned();
  }

  /**
   * Decoders of its columns.
   *
   * @param place of a source column in the scan
   * @param column the first of its columns in a shard
   */
  abstract List<ColumnDecoder> decoders(
      ToIntFunction<String> place, int column, FittedInput fitted);

  /** What the model sees: the transforms are the first column's. */
  final List<ModelInput> modelInputs(FittedInput fitted) {
    List<ModelInput> inputs = new ArrayList<>();
    for (ColumnSpec column : columns()) {
      inputs.add(
          inputs.isEmpty() ? new ModelInput(column, fitted.transforms()) : ModelInput.raw(column));
    }
    return inputs;
  }
}
