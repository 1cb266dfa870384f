package io.lepton.jobs;

import io.lepton.spark.Adaptation;
import io.lepton.spark.EpochReport;
import io.lepton.spark.Evaluation;
import io.lepton.spark.Phase;
import io.lepton.spark.PrecisionReport;
import io.lepton.spark.RoundReport;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.averaging.Spike;
import io.lepton.spark.checkpoint.CheckpointReport;
import io.lepton.tf.HeavyOps;
import io.lepton.tf.Precision;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows a training: a line a round, or a live bar on a terminal; a line an epoch on both. */
final class Progress implements TrainingListener, AutoCloseable {
  private static final String TERMINAL = "LEPTON_TERMINAL";

  private final PrintStream out;
  private final boolean terminal;
  private final int epochs;
  private ProgressBar bar;
  private double secondsSoFar;
  private int roundsSoFar;

  Progress(PrintStream out, boolean terminal, int epochs) {
    this.out = out;
    this.terminal = terminal;
    this.epochs = epochs;
  }

  /** With a live bar if the launcher says that this is a terminal. */
  static Progress onStandardError(TrainingOptions options) {
    boolean terminal = "1".equals(System.getenv(TERMINAL));
    return new Progress(System.err, terminal, options.epochs());
  }

  /** Tells how many replicas there are, and what could be better. */
  void placed(PlacementText placement) {
    out.println(placement.summary());
    placement.placement().advice().forEach(out::println);
  }

  @Override
  public void phase(Phase phase) {
    switch (phase) {
      case START -> out.println("compiling the model");
      case INGEST -> out.println("ingesting the data into shards");
      case CHECKPOINT -> {
        close();
        out.println("writing the model bundle");
      }
      default -> {}
    }
  }

  @Override
  public void started(int weights) {
    out.printf(Locale.ROOT, "%d weights start from the values given%n", weights);
  }

  @Override
  public void precision(PrecisionReport report) {
    HeavyOps heavy = report.heavy();
    StringBuilder line = new StringBuilder("computing in ").append(report.precision().word());
    if (!report.reason().isEmpty()) {
      line.append(", ").append(report.reason());
    }
    if (heavy.total() > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              "; of %d heavy operations %.0f%% run in fewer bits than float32",
              heavy.total(),
              100 * heavy.lowShare()));
      line.append(report.precision() == Precision.FLOAT32 ? " where that is asked for" : "");
    }
    if (report.lowSeconds() > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              ", which takes %.2f of the time",
              report.lowSeconds() / report.float32Seconds()));
    }
    out.println(line);
  }

  @Override
  public void round(RoundReport report) {
    secondsSoFar += report.seconds();
    roundsSoFar++;
    report
        .averages()
        .leftOut()
        .forEach(
            (replica, reason) ->
                aside(
                    "round %d leaves out replica %d: %s"
                        .formatted(report.round(), replica, reason)));
    if (!terminal) {
      out.println(line(report));
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("rounds")
              .setInitialMax(report.rounds())
              .setUpdateIntervalMillis(100)
              .setConsumer(new ConsoleProgressBarConsumer(out, 100))
              .build();
    }
    bar.stepTo(report.round());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " loss %.4f%s %,.0f ex/s",
            report.loss(),
            metric(report),
            report.examplesPerSecond()));
  }

  @Override
  public void rolledBack(Spike spike) {
    aside("going back to where round %d started: %s".formatted(spike.good(), spike.reason()));
  }

  @Override
  public void adapted(Adaptation adaptation) {
    aside(
        "%s %s → %s from round %d: %s"
            .formatted(
                adaptation.knob(),
                number(adaptation.from()),
                number(adaptation.to()),
                adaptation.round(),
                adaptation.reason()));
  }

  @Override
  public void epoch(EpochReport report) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "epoch %d/%d: training loss %.4f, validation loss %.4f",
            report.epoch(),
            epochs,
            report.trainingLoss(),
            report.loss()));
    line.append(text(report.metrics()));
    line.append(report.best() ? " (best so far)" : "");
    aside(line.toString());
  }

  private static String number(double value) {
    return value == (long) value ? String.valueOf((long) value) : String.valueOf((float) value);
  }

  /** A line of its own, in place of the bar if there is one. */
  private void aside(String line) {
    out.println((terminal ? "\r\033[K" : "") + line);
  }

  /** Tells what the test set says of the model. */
  void tested(Evaluation test) {
    close();
    out.println(String.format(Locale.ROOT, "test loss %.4f", test.loss()) + text(test.metrics()));
  }

  /** Tells if the last checkpoints are missing. */
  void saved(CheckpointReport report) {
    if (report.failedInRow() > 0) {
      close();
      out.printf(
          "the last %d checkpoints could not be written: %s%n",
          report.failedInRow(), report.failure().orElseThrow());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private static String text(Map<String, Double> metrics) {
    StringBuilder text = new StringBuilder();
    metrics.forEach(
        (name, value) -> text.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    return text.toString();
  }

  private String line(RoundReport report) {
    double left = secondsSoFar / roundsSoFar * (report.rounds() - report.round());
    return String.format(
        Locale.ROOT,
        "round %d/%d epoch %d loss %.4f%s %,.0f examples/s sync %.0f%% ETA %s",
        report.round(),
        report.rounds(),
        report.epoch(),
        report.loss(),
        metric(report),
        report.examplesPerSecond(),
        100 * report.syncShare(),
        duration(left));
  }

  /** Nothing if steps do not measure it. */
  private static String metric(RoundReport report) {
    return Double.isNaN(report.metric())
        ? ""
        : String.format(Locale.ROOT, " %s %.4f", report.metricName(), report.metric());
  }

  private static String duration(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return left.toHours() > 0
        ? "%d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart())
        : "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
