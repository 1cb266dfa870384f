package io.lepton.spark;

import java.io.Serializable;
import java.util.List;

/**
 * Deltas, or means of them, that a task folds to one.
 *
 * @param scope whose end removes the mean
 * @param field what to call it
 * @param form in which they come
 * @param parts in the order of replicas
 */
record FoldGroup(long scope, String field, DeltaForm form, List<DeltaFold.Part> parts)
    implements Serializable {
  /** By what the mean weighs. */
  double weight() {
    return SliceMeans.weight(parts);
  }
}
