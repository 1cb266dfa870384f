package io.lepton.jobs.pictures;

import io.lepton.spark.evaluation.Reliability;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How often came about what was given a probability, over how many examples. */
final class ReliabilityPicture {
  private static final Color SHARE = new Color(0xC3CCD5);

  private ReliabilityPicture() {}

  static XYChart of(Reliability reliability, boolean twoClasses) {
    XYChart chart =
        PictureStyle.shares(
            String.format(
                Locale.ROOT, "Reliability, calibration error %.3f", reliability.expectedError()),
            twoClasses ? "probability of class 1" : "probability of the most probable class",
            twoClasses ? "share that is of class 1" : "share that is right",
            LegendPosition.InsideNW);
    shares(chart, reliability.bins());
    PictureStyle.reference(chart, "perfect", new double[] {0, 1}, new double[] {0, 1});
    List<Reliability.Bin> filled =
        reliability.bins().stream().filter(bin -> bin.weight() > 0).toList();
    PictureStyle.line(
        chart,
        "model",
        filled.stream().mapToDouble(Reliability.Bin::confidence).toArray(),
        filled.stream().mapToDouble(Reliability.Bin::frequency).toArray(),
        PictureStyle.COLOURS[0]);
    XYSeries model = chart.getSeriesMap().get("model");
    model.setMarker(SeriesMarkers.CIRCLE);
    model.setMarkerColor(PictureStyle.COLOURS[0]);
    chart.getStyler().setMarkerSize(9);
    return chart;
  }

  /** A step for each bin, up from 0 and down again. */
  private static void shares(XYChart chart, List<Reliability.Bin> bins) {
    double weight = bins.stream().mapToDouble(Reliability.Bin::weight).sum();
    double[] across = new double[2 * bins.size() + 2];
    double[] up = new double[across.length];
    for (int i = 0; i < bins.size(); i++) {
      across[2 * i + 1] = (double) i / bins.size();
      across[2 * i + 2] = (i + 1.0) / bins.size();
      up[2 * i + 1] = bins.get(i).weight() / weight;
      up[2 * i + 2] = up[2 * i + 1];
    }
    across[across.length - 1] = 1;
    XYSeries series = chart.addSeries("share of the examples", across, up);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
    series.setMarker(SeriesMarkers.NONE);
    series.setFillColor(SHARE);
    series.setLineColor(SHARE);
  }
}
