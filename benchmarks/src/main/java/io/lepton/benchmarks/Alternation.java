package io.lepton.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Sides that are measured in turns in one process, so that whatever else the machine does falls on
 * all of them alike.
 */
final class Alternation {
  private final Map<String, DoubleSupplier> sides = new LinkedHashMap<>();

  /** Adds a side; each call of {@code once} gives one sample. */
  Alternation side(String name, DoubleSupplier once) {
    sides.put(name, once);
    return this;
  }

  /**
   * Takes samples of every side, round after round, each round starting with the next side.
   *
   * @param warmups rounds before, whose samples are dropped
   * @return samples by side in the order of rounds
   */
  Map<String, List<Double>> measure(int warmups, int rounds) {
    List<String> names = List.copyOf(sides.keySet());
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    names.forEach(name -> samples.put(name, new ArrayList<>()));
    for (int round = -warmups; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(round + i, names.size()));
        double sample = sides.get(name).getAsDouble();
        if (round >= 0) {
          samples.get(name).add(sample);
        }
      }
    }
    return samples;
  }
}
