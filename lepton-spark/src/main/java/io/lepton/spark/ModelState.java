package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.checkpoint.Checkpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model between two rounds. Its vectors are not changed any more.
 *
 * @param parameters that replicas start from
 * @param outer what the outer optimizer keeps, by name
 * @param average of weights over rounds, if there is one
 */
record ModelState(
    FlatVector parameters, Map<String, FlatVector> outer, Optional<FlatVector> average) {
  private static final String PARAMETERS = "parameters";
  private static final String AVERAGE = "average";
  private static final String OUTER = "outer.";

  /** All vectors, with a prefix before their names. */
  Map<String, FlatVector> vectors(String prefix) {
    Map<String, FlatVector> vectors = new LinkedHashMap<>();
    vectors.put(prefix + PARAMETERS, parameters);
    average.ifPresent(it -> vectors.put(prefix + AVERAGE, it));
    outer.forEach((name, vector) -> vectors.put(prefix + OUTER + name, vector));
    return vectors;
  }

  /** The same vectors as a checkpoint has them. */
  ModelState in(Checkpoint checkpoint, String prefix) {
    Map<String, FlatVector> saved = new TreeMap<>(outer);
    saved.replaceAll((name, any) -> checkpoint.vector(prefix + OUTER + name, any.size()));
    return new ModelState(
        checkpoint.vector(prefix + PARAMETERS, parameters.size()),
        saved,
        average.map(it -> checkpoint.vector(prefix + AVERAGE, it.size())));
  }
}
