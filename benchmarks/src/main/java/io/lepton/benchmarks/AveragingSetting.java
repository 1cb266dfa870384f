package io.lepton.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to average replicas.
 *
 * @param name in the table
 * @param settings that differ from the job's, each {@code path=value}
 */
record AveragingSetting(String name, List<String> settings) {
  private static final String NESTEROV = "averaging.outer.nesterov={rate=0.7,momentum=0.5}";
  private static final String RESET = "averaging.optimizer-state=reset";
  private static final String NO_FEEDBACK = "averaging.error-feedback=false";

  /** What the others are compared with: the joined batch of all replicas, without any average. */
  static final AveragingSetting SYNCHRONOUS =
      new AveragingSetting(
          "synchronous: one replica, batches of 512",
          List.of("averaging.replicas=1", "averaging.local-steps=1", "training.batch-size=512"));

  /** All of them, the synchronous one first. */
  static List<AveragingSetting> all() {
    List<AveragingSetting> all = new ArrayList<>();
    all.add(SYNCHRONOUS);
    all.add(of("H = 1", 1));
    all.add(of("H = 16", 16));
    all.add(
        new AveragingSetting(
            "quadratic, alpha three times the rate",
            List.of("averaging.local-steps={quadratic{alpha=0.15,least=4}}")));
    all.add(
        new AveragingSetting(
            "post-local: 100 steps synchronous, then H = 16",
            List.of("averaging.local-steps={post-local{synchronous-steps=100,local-steps=16}}")));
    all.add(of("H = 64", 64));
    all.add(of("H = 64, outer Nesterov 0.7/0.5", 64, NESTEROV));
    all.add(coded("int8"));
    all.add(coded("int8", NO_FEEDBACK));
    all.add(coded("int4"));
    all.add(of("H = 16, state reset", 16, RESET));
    return all;
  }

  private static AveragingSetting of(String name, int steps, String... more) {
    List<String> settings = new ArrayList<>(List.of("averaging.local-steps=" + steps));
    settings.addAll(List.of(more));
    return new AveragingSetting(name, settings);
  }

  private static AveragingSetting coded(String codec, String... more) {
    List<String> names = new ArrayList<>(List.of("H = 16", codec));
    List<String> given = List.of(more);
    names.add(given.contains(NO_FEEDBACK) ? "without feedback" : "with feedback");
    List<String> settings = new ArrayList<>(given);
    settings.add("averaging.codec=" + codec);
    return of(String.join(", ", names), 16, settings.toArray(String[]::new));
  }
}
