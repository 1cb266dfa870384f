package io.lepton.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Sides that are measured in turns in one process, so that whatever else the machine does falls on
 * all of them alike.
 *
 * @param <T> a sample
 */
final class Alternation<T> {
  private final Map<String, Supplier<T>> sides = new LinkedHashMap<>();

  /** Adds a side; each call of {@code once} gives one sample. */
  Alternation<T> side(String name, Supplier<T> once) {
    sides.put(name, once);
    return this;
  }

  /**
   * Takes samples of every side, round after round, each round starting with the next side.
   *
   * @param warmups rounds before, whose samples are dropped
   * @return samples by side in the order of rounds
   */
  Map<String, List<T>> measure(int warmups, int rounds) {
    List<String> names = List.copyOf(sides.keySet());
    Map<String, List<T>> samples = new LinkedHashMap<>();
    names.forEach(name -> samples.put(name, new ArrayList<>()));
    for (int round = -warmups; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(round + i, names.size()));
        T sample = sides.get(name).get();
        if (round >= 0) {
          samples.get(name).add(sample);
        }
      }
    }
    return samples;
  }
}
