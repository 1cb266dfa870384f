package io.lepton.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * Losses of steps at rising learning rates.
 *
 * @param points one for each step, at least one
 */
public record RateCurve(List<Point> points) {
  private static final double MEMORY = 0.9;

  /** Points after which the average no longer follows single losses. */
  private static final int WARM = 10;

  /**
   * A step.
   *
   * @param loss of its batch, before the update
   */
  public record Point(double rate, double loss) {}

  public RateCurve {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve must have a point, but had none");
    }
  }

  /** The points with the losses' moving average, early ones not drawn towards 0. */
  public List<Point> smoothed() {
    List<Point> smoothed = new ArrayList<>();
    double average = 0;
    double left = 1;
    for (Point point : points) {
      average = MEMORY * average + (1 - MEMORY) * point.loss();
      left *= MEMORY;
      smoothed.add(new Point(point.rate(), average / (1 - left)));
    }
    return smoothed;
  }

  /**
   * The rate at which the smoothed loss falls most steeply over the logarithm of the rate, before
   * its minimum and, if that is not among them, after the first points, whose average is mostly
   * noise; the first rate if it never falls.
   */
  public double suggestion() {
    List<Point> curve = smoothed();
    int lowest = 0;
    for (int i = 1; i < curve.size(); i++) {
      lowest = curve.get(i).loss() < curve.get(lowest).loss() ? i : lowest;
    }
    double rate = curve.get(0).rate();
    double steepest = 0;
    for (int i = lowest > WARM + 1 ? WARM : 1; i < lowest; i++) {
      Point before = curve.get(i - 1);
      Point after = curve.get(i + 1);
      double slope =
          (after.loss() - before.loss()) / (Math.log(after.rate()) - Math.log(before.rate()));
      if (slope < steepest) {
        steepest = slope;
        rate = curve.get(i).rate();
      }
    }
    return rate;
  }
}
