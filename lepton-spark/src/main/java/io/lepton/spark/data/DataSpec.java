package io.lepton.spark.data;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How the columns of a DataFrame become the columns of shards.
 *
 * @param inputs of the model
 * @param labels to learn
 * @param weightColumn numeric, not negative; null for weight 1
 */
public record DataSpec(List<InputSpec> inputs, List<LabelSpec> labels, String weightColumn)
    implements Serializable {
  public DataSpec {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
  }

  /** With one label. */
  public DataSpec(List<InputSpec> inputs, LabelSpec label, String weightColumn) {
    this(inputs, List.of(label), weightColumn);
  }

  public Optional<String> weight() {
    return Optional.ofNullable(weightColumn);
  }
}
