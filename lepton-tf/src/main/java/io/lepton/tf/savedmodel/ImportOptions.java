package io.lepton.tf.savedmodel;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a SavedModel is read.
 *
 * @param endpoint name of the signature
 * @param shapes of one example, for inputs whose own leave a length open
 */
public record ImportOptions(String endpoint, Map<String, List<Integer>> shapes)
    implements Serializable {
  private static final ImportOptions DEFAULTS = new ImportOptions("serving_default", Map.of());

  public ImportOptions {
    shapes = Map.copyOf(shapes);
  }

  /** The signature {@code serving_default}, every shape as it is. */
  public static ImportOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another signature. */
  public ImportOptions withEndpoint(String name) {
    return new ImportOptions(name, shapes);
  }

  /** The same with a shape of one example of an input. */
  public ImportOptions withShape(String input, List<Integer> shape) {
    Map<String, List<Integer>> all = new TreeMap<>(shapes);
    all.put(input, List.copyOf(shape));
    return new ImportOptions(endpoint, all);
  }
}
