package io.lepton.spark.averaging;

import io.lepton.tf.schedule.Span;
import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;

/**
 * How many steps replicas take by themselves before they are averaged, H. A round never crosses the
 * end of an epoch.
 */
public sealed interface LocalSteps extends Serializable {
  /** The reason for the first steps of a rule that measures. */
  String UNMEASURED = "nothing is measured yet";

  /** Steps of the next round, at least 1. */
  long next(Situation now);

  /** Why {@link #next} is what it is, if it is not what it was. */
  String reason(Situation now);

  /** Whether it depends on clocks, so that two runs may differ. */
  default boolean isMeasured() {
    return false;
  }

  /** Always the same number. */
  record Fixed(int steps) implements LocalSteps {
    public Fixed {
      requirePositive("local-steps", steps);
    }

    @Override
    public long next(Situation now) {
      return steps;
    }

    @Override
    public String reason(Situation now) {
      return "it is set";
    }
  }

  /**
   * Every step is averaged at first, which is synchronous training; then another rule holds
   * (post-local SGD, arXiv 1808.07217).
   *
   * @param synchronous how long
   */
  record PostLocal(Span synchronous, LocalSteps then) implements LocalSteps {
    @Override
    public long next(Situation now) {
      return isSynchronous(now.step(), now) ? 1 : then.next(now);
    }

    @Override
    public String reason(Situation now) {
      if (isSynchronous(now.step(), now)) {
        return "every step is averaged at first";
      }
      return isSynchronous(now.step() - 1, now)
          ? "the synchronous start is over"
          : then.reason(now);
    }

    private boolean isSynchronous(long step, Situation now) {
      return step < now.timeline().steps(synchronous);
    }

    @Override
    public boolean isMeasured() {
      return then.isMeasured();
    }
  }

  /**
   * The more steps the lower the rate: {@code max(least, ⌊(alpha / rate)²⌋)} (arXiv 2310.14423).
   *
   * @param least steps, which is also what holds while the rate is high
   * @param alpha in units of the learning rate
   */
  record Quadratic(int least, double alpha) implements LocalSteps {
    public Quadratic {
      requirePositive("least", least);
      if (!(alpha > 0) || Double.isInfinite(alpha)) {
        throw new IllegalArgumentException("alpha must be positive, but was: " + alpha);
      }
    }

    @Override
    public long next(Situation now) {
      double ratio = alpha / now.rate();
      return Math.max(least, (long) Math.min(ratio * ratio, now.timeline().steps()));
    }

    @Override
    public String reason(Situation now) {
      return String.format(Locale.ROOT, "the learning rate is %.4g", now.rate());
    }
  }

  /**
   * As many steps as take about a given time.
   *
   * @param first steps of the first round, which is measured
   */
  record Timed(Duration time, int first) implements LocalSteps {
    public Timed {
      requirePositive("first", first);
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("time must be positive, but was: " + time);
      }
    }

    @Override
    public long next(Situation now) {
      return now.last() == null
          ? first
          : Math.max(1, Math.round(time.toNanos() / 1e9 / now.last().stepSeconds()));
    }

    @Override
    public String reason(Situation now) {
      return now.last() == null
          ? UNMEASURED
          : String.format(Locale.ROOT, "a step took %.4g seconds", now.last().stepSeconds());
    }

    @Override
    public boolean isMeasured() {
      return true;
    }
  }

  /**
   * As few steps as keep averaging under a share of the time, unless replicas move apart: as long
   * as they disagree more than independent noise would make them, the number is halved each round.
   * It at most doubles from one round to the next.
   *
   * @param share of the time in which no replica computes, between 0 and 1
   * @param first steps of the first round, which is measured
   * @param most steps ever
   */
  record Auto(double share, int first, int most) implements LocalSteps {
    /** Above that of noise, by so much that its own scatter is no reason. */
    private static final double APART = 1.5;

    public Auto {
      requirePositive("first", first);
      requirePositive("most", most);
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException("share must be between 0 and 1, but was: " + share);
      }
      if (first > most) {
        throw new IllegalArgumentException(
            "first must be at most most, but they were: %d and %d".formatted(first, most));
      }
    }

    @Override
    public long next(Situation now) {
      Situation.LastRound last = now.last();
      if (last == null) {
        return first;
      }
      if (last.disagreement() > APART) {
        return Math.max(1, last.localSteps() / 2);
      }
      double enough = last.syncSeconds() * (1 - share) / (share * last.stepSeconds());
      return Math.max(1, Math.min(Math.min(most, 2 * last.localSteps()), (long) Math.ceil(enough)));
    }

    @Override
    public String reason(Situation now) {
      Situation.LastRound last = now.last();
      if (last == null) {
        return UNMEASURED;
      }
      if (last.disagreement() > APART) {
        return String.format(
            Locale.ROOT,
            "replicas disagreed %.3g times as much as noise would make them, more than %s",
            last.disagreement(),
            APART);
      }
      double synchronizing = last.syncShare();
      return String.format(
          Locale.ROOT,
          "averaging took %.3g %% of the time, %s than %.3g %%",
          100 * synchronizing,
          synchronizing > share ? "more" : "less",
          100 * share);
    }

    @Override
    public boolean isMeasured() {
      return true;
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }
}
