package io.lepton.jobs.pictures;

import io.lepton.spark.evaluation.ClassDetails.DrawnCurve;
import io.lepton.spark.evaluation.CurvePoint;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The ROC curves, and precision over recall. */
final class CurvePictures {
  private static final int MOST = PictureStyle.COLOURS.length;

  private CurvePictures() {}

  static XYChart roc(List<DrawnCurve> curves) {
    XYChart chart =
        PictureStyle.shares(
            title("ROC", curves),
            "false positive rate",
            "true positive rate (recall)",
            LegendPosition.InsideSE);
    PictureStyle.reference(chart, "chance", new double[] {0, 1}, new double[] {0, 1});
    List<DrawnCurve> drawn = drawn(curves, DrawnCurve::area);
    for (int i = 0; i < drawn.size(); i++) {
      DrawnCurve curve = drawn.get(i);
      PictureStyle.line(
          chart,
          name(curve.label(), "area", curve.area()),
          from(0, curve.points(), point -> point.wrong() / curve.negatives()),
          from(0, curve.points(), point -> point.right() / curve.positives()),
          PictureStyle.COLOURS[i]);
    }
    return chart;
  }

  static XYChart precision(List<DrawnCurve> curves) {
    XYChart chart =
        PictureStyle.shares(
            title("Precision and recall", curves), "recall", "precision", LegendPosition.OutsideE);
    List<DrawnCurve> drawn = drawn(curves, DrawnCurve::averagePrecision);
    for (int i = 0; i < drawn.size(); i++) {
      DrawnCurve curve = drawn.get(i);
      PictureStyle.line(
          chart,
          name(curve.label(), "average precision", curve.averagePrecision()),
          from(0, curve.points(), point -> point.right() / curve.positives()),
          from(curve.points().get(0).precision(), curve.points(), CurvePoint::precision),
          PictureStyle.COLOURS[i]);
    }
    return chart;
  }

  private static String title(String what, List<DrawnCurve> curves) {
    if (curves.size() == 1) {
      return what;
    }
    return curves.size() > MOST
        ? "%s, the %d worst classes of %d, each against the others"
            .formatted(what, MOST, curves.size())
        : what + ", each class against the others";
  }

  /** All that can be, the worst ones if there are too many. */
  private static List<DrawnCurve> drawn(
      List<DrawnCurve> curves, ToDoubleFunction<DrawnCurve> worth) {
    return curves.stream()
        .filter(curve -> Double.isFinite(worth.applyAsDouble(curve)))
        .sorted(Comparator.comparingDouble(worth))
        .limit(MOST)
        .sorted(Comparator.comparingInt(DrawnCurve::label))
        .toList();
  }

  private static String name(int label, String what, double worth) {
    return String.format(Locale.ROOT, "class %d, %s %.3f", label, what, worth);
  }

  private static double[] from(
      double first, List<CurvePoint> points, ToDoubleFunction<CurvePoint> value) {
    double[] values = new double[points.size() + 1];
    values[0] = first;
    for (int i = 0; i < points.size(); i++) {
      values[i + 1] = value.applyAsDouble(points.get(i));
    }
    return values;
  }
}
