package io.lepton.spark.evaluation;

import java.util.List;

/**
 * What there is to see of a classification besides its metrics, on all rows.
 *
 * @param classes metrics of each class
 * @param confusion weight of examples, a row for each class they have, a column for each class
 *     given
 * @param reliability of the probabilities; without bins where there are none
 * @param curves of class 1 of two, else of each class against the others; empty for none
 * @param thresholds chosen, of two classes
 */
public record ClassDetails(
    List<OfClass> classes,
    List<List<Double>> confusion,
    Reliability reliability,
    List<DrawnCurve> curves,
    List<ThresholdChoice> thresholds) {
  public ClassDetails {
    classes = List.copyOf(classes);
    confusion = List.copyOf(confusion);
    curves = List.copyOf(curves);
    thresholds = List.copyOf(thresholds);
  }

  /**
   * Metrics of a class.
   *
   * @param support weight of the examples that have it
   * @param f1 also Dice
   * @param iou intersection over union
   */
  public record OfClass(
      int label, double precision, double recall, double f1, double iou, double support) {}

  /**
   * Points to draw.
   *
   * @param label the class that counts as positive
   * @param area under the ROC curve
   * @param averagePrecision over the recall gained
   * @param positives weight of them
   * @param negatives weight of them
   * @param points from the highest threshold down
   */
  public record DrawnCurve(
      int label,
      double area,
      double averagePrecision,
      double positives,
      double negatives,
      List<CurvePoint> points) {
    public DrawnCurve {
      points = List.copyOf(points);
    }
  }

  static List<OfClass> classes(Confusion confusion) {
    return java.util.stream.IntStream.range(0, confusion.classes())
        .mapToObj(
            c ->
                new OfClass(
                    c,
                    confusion.precision(c),
                    confusion.recall(c),
                    confusion.f1(c),
                    confusion.intersectionOverUnion(c),
                    confusion.labelled(c)))
        .toList();
  }
}
