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
 * @param training what a step of training computes
 */
public record ImportOptions(
    String endpoint, Map<String, List<Integer>> shapes, TrainingMode training)
    implements Serializable {
  private static final ImportOptions DEFAULTS =
      new ImportOptions("serving_default", Map.of(), new TrainingMode.AsExported());

  public ImportOptions {
    shapes = Map.copyOf(shapes);
  }

  /** The signature {@code serving_default}, every shape as it is, trained as exported. */
  public static ImportOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another signature. */
  public ImportOptions withEndpoint(String name) {
    return new ImportOptions(name, shapes, training);
  }

  /** The same with another way of training. */
  public ImportOptions withTraining(TrainingMode mode) {
    return new ImportOptions(endpoint, shapes, mode);
  }

  /** The same with a shape of one example of an input. */
  public ImportOptions withShape(String input, List<Integer> shape) {
    Map<String, List<Integer>> all = new TreeMap<>(shapes);
    all.put(input, List.copyOf(shape));
    return new ImportOptions(endpoint, all, training);
  }
}
