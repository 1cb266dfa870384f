package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.Collection;
import java.util.TreeMap;

/** Counts what is wrong with rows, by column and rule, with the first row of each. One thread. */
final class Defects implements Serializable {
  private final TreeMap<String, Defect> byRule = new TreeMap<>();

  void add(Defect defect) {
    byRule.merge(defect.column() + '\0' + defect.rule(), defect, Defect::plus);
  }

  void addAll(Defects other) {
    other.byRule.values().forEach(this::add);
  }

  /** By column and rule, in the order of their names. */
  Collection<Defect> all() {
    return byRule.values();
  }
}
