package io.lepton.spark;

import io.lepton.spark.exchange.Address;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/**
 * What replicas kept from the rounds before, as a round finds it.
 *
 * @param scope under which they publish what they keep of this round
 * @param kept where each has it, by its number; those that begin are not there
 * @param lost numbers of those whose process is gone
 */
record RoundMemory(KeptShape shape, long scope, Map<Integer, Address> kept, Set<Integer> lost)
    implements Serializable {
  static final String FIELD = "kept_r";

  /** Of rounds in which nothing is kept. */
  static final RoundMemory NONE = new RoundMemory(KeptShape.NOTHING, -1, Map.of(), Set.of());
}
