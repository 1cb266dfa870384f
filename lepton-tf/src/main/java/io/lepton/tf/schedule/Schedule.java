package io.lepton.tf.schedule;

import java.io.Serializable;
import java.util.Optional;

/**
 * How the learning rate changes over a training: a factor of the optimizer's own, as a function of
 * the number of the step and nothing else, so that a task that is tried again or moved sees the
 * same rates.
 */
public sealed interface Schedule extends Serializable {
  /**
   * The factor of a step.
   *
   * @param step steps taken before it, over the whole training
   */
  double factor(double step, Timeline timeline);

  /** The reduction that depends on what was measured, if there is one. */
  default Optional<Plateau> plateau() {
    return Optional.empty();
  }

  /** Always 1. */
  record Constant() implements Schedule {
    @Override
    public double factor(double step, Timeline timeline) {
      return 1;
    }
  }

  /** {@code decay} to the number of whole spans that have passed. */
  record Steps(double decay, Span every) implements Schedule {
    public Steps {
      requirePositive("decay", decay);
      requireLength("every", every);
    }

    @Override
    public double factor(double step, Timeline timeline) {
      return Math.pow(decay, Math.floor(step / timeline.steps(every)));
    }
  }

  /** {@code decay} to the number of spans that have passed, parts of one included. */
  record Exponential(double decay, Span every) implements Schedule {
    public Exponential {
      requirePositive("decay", decay);
      requireLength("every", every);
    }

    @Override
    public double factor(double step, Timeline timeline) {
      return Math.pow(decay, step / timeline.steps(every));
    }
  }

  /** From 1 to {@code end} over the whole training, as a power of what is left of it. */
  record Polynomial(double end, double power) implements Schedule {
    public Polynomial {
      requireShare("end", end);
      requirePositive("power", power);
    }

    @Override
    public double factor(double step, Timeline timeline) {
      return end + (1 - end) * Math.pow(1 - progress(step, timeline), power);
    }
  }

  /**
   * From 1 to {@code end} along half a cosine, again and again (SGDR, arXiv 1608.03983).
   *
   * @param cycle length of the first cosine; none for the whole training
   * @param growth of each next cosine's length, at least 1
   */
  record Cosine(double end, Span cycle, double growth) implements Schedule {
    public Cosine {
      requireShare("end", end);
      if (!(growth >= 1) || Double.isInfinite(growth)) {
        throw new IllegalArgumentException("growth must be at least 1, but was: " + growth);
      }
    }

    @Override
    public double factor(double step, Timeline timeline) {
      double length = timeline.steps(cycle);
      if (length == 0) {
        return fall(1, end, progress(step, timeline));
      }
      double at = step;
      if (growth == 1) {
        at %= length;
      }
      while (at >= length) {
        at -= length;
        length *= growth;
      }
      return fall(1, end, at / length);
    }
  }

  /**
   * Up from {@code start} to 1 and down to {@code end}, both along half a cosine (arXiv
   * 1708.07120).
   *
   * @param peak share of the training after which it is 1
   */
  record OneCycle(double start, double end, double peak) implements Schedule {
    public OneCycle {
      requireShare("start", start);
      requireShare("end", end);
      if (!(peak > 0 && peak < 1)) {
        throw new IllegalArgumentException("peak must be between 0 and 1, but was: " + peak);
      }
    }

    @Override
    public double factor(double step, Timeline timeline) {
      double progress = progress(step, timeline);
      return progress < peak
          ? fall(start, 1, progress / peak)
          : fall(1, end, (progress - peak) / (1 - peak));
    }
  }

  /** Another schedule after a linear rise, whose last step is the first at 1. */
  record WarmUp(Span length, Schedule then) implements Schedule {
    @Override
    public double factor(double step, Timeline timeline) {
      double steps = Math.rint(timeline.steps(length));
      if (step < steps) {
        return (step + 1) / steps;
      }
      double rest = Math.max(1, timeline.steps() - steps);
      double epochs = timeline.epochs() * rest / timeline.steps();
      return then.factor(step - steps, new Timeline(rest, epochs));
    }

    @Override
    public Optional<Plateau> plateau() {
      return then.plateau();
    }
  }

  /**
   * Multiplied by {@code decay} each time that a validation metric has not become better for a
   * number of epochs. The driver knows; the factor of a step by itself is 1.
   *
   * @param patience epochs without a better value
   * @param least that it does not fall below
   */
  record Plateau(double decay, int patience, double least) implements Schedule {
    public Plateau {
      if (!(decay > 0 && decay < 1)) {
        throw new IllegalArgumentException("decay must be between 0 and 1, but was: " + decay);
      }
      if (patience < 1) {
        throw new IllegalArgumentException("patience must be positive, but was: " + patience);
      }
      requireShare("least", least);
    }

    @Override
    public double factor(double step, Timeline timeline) {
      return 1;
    }

    @Override
    public Optional<Plateau> plateau() {
      return Optional.of(this);
    }
  }

  private static double progress(double step, Timeline timeline) {
    return Math.min(1, step / timeline.steps());
  }

  private static double fall(double from, double to, double progress) {
    return to + (from - to) * (1 + StrictMath.cos(StrictMath.PI * progress)) / 2;
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1, but was: " + value);
    }
  }

  private static void requireLength(String name, Span span) {
    if (span.amount() == 0) {
      throw new IllegalArgumentException(name + " must be a positive length, but was: 0");
    }
  }
}
