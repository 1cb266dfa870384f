package io.lepton.benchmarks;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What sides made of one work, side by side.
 *
 * @param samples numbers by what they mean, of every round, by side; sides of Lepton come first
 */
record Contest(Work work, Map<String, List<Map<String, Double>>> samples) {
  static final String LEPTON = "lepton";

  private static final List<String> QUANTITIES =
      List.of(
          TrainingProcess.RATE,
          TrainingProcess.WALL,
          TrainingProcess.CPU,
          TrainingProcess.MEMORY,
          TrainingProcess.ACCURACY);

  /** Lepton's number over a peer's of the same round, by quantity, for each pair of sides. */
  Map<String, Map<String, Samples>> ratios() {
    Map<String, Map<String, Samples>> ratios = new LinkedHashMap<>();
    pairs((lepton, peer) -> ratios.put(lepton + " / " + peer, quantities(lepton, peer)));
    return ratios;
  }

  /** Sides of Lepton. */
  List<String> leptons() {
    return samples.keySet().stream().filter(side -> side.startsWith(LEPTON)).toList();
  }

  /** Two tables of medians, with the least and the most in brackets. */
  String markdown() {
    Map<String, Map<String, Samples>> numbers = new LinkedHashMap<>();
    for (String side : samples.keySet()) {
      Map<String, Samples> row = new LinkedHashMap<>();
      QUANTITIES.forEach(quantity -> row.put(quantity, new Samples(values(side, quantity))));
      numbers.put(side, row);
    }
    return table(work.name(), numbers) + "\n" + table(work + ", ratios by rounds", ratios());
  }

  /** As it goes into JSON. */
  Map<String, Object> fields() {
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios().forEach((pair, row) -> ratios.put(pair, spreads(row)));
    return Map.of("samples", samples, "ratios", ratios);
  }

  private static Map<String, Object> spreads(Map<String, Samples> row) {
    Map<String, Object> spreads = new LinkedHashMap<>();
    row.forEach(
        (quantity, ratio) ->
            spreads.put(
                quantity,
                Map.of("min", ratio.min(), "median", ratio.median(), "max", ratio.max())));
    return spreads;
  }

  private void pairs(BiConsumer<String, String> pair) {
    for (String lepton : leptons()) {
      for (String peer : samples.keySet()) {
        if (!peer.startsWith(LEPTON)) {
          pair.accept(lepton, peer);
        }
      }
    }
  }

  private Map<String, Samples> quantities(String over, String under) {
    Map<String, Samples> row = new LinkedHashMap<>();
    for (String quantity : QUANTITIES) {
      row.put(quantity, Samples.ratios(values(over, quantity), values(under, quantity)));
    }
    return row;
  }

  private List<Double> values(String side, String quantity) {
    return samples.get(side).stream().map(numbers -> numbers.get(quantity)).toList();
  }

  private static String table(String title, Map<String, Map<String, Samples>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add("| " + title + " | " + String.join(" | ", QUANTITIES) + " |");
    lines.add("| --- |" + " ---: |".repeat(QUANTITIES.size()));
    rows.forEach(
        (name, row) ->
            lines.add(
                row.values().stream()
                    .map(Contest::cell)
                    .collect(joining(" | ", "| " + name + " | ", " |"))));
    return String.join("\n", lines) + "\n";
  }

  private static String cell(Samples samples) {
    return "%s (%s–%s)"
        .formatted(
            ResultTable.number(samples.median()),
            ResultTable.number(samples.min()),
            ResultTable.number(samples.max()));
  }
}
