package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the training set decided of all inputs: what every other data set must be bound with.
 *
 * @param columnTypes of the inputs' columns, as Spark SQL names types
 * @param inputs in the order of the specification
 */
public record Fitting(Map<String, String> columnTypes, List<FittedInput> inputs)
    implements Serializable {
  public Fitting {
    columnTypes = Collections.unmodifiableMap(new LinkedHashMap<>(columnTypes));
    inputs = List.copyOf(inputs);
  }
}
