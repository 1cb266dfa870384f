package io.lepton.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How many times as much Lepton has of everything as each peer, medians on a logarithmic axis. */
final class ContestPicture {
  private static final int DOTS_PER_INCH = 144;

  private ContestPicture() {}

  /**
   * Draws one; no display is needed.
   *
   * @param file without its ending, which will be {@code .png}
   */
  static void write(Contest contest, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1060)
            .height(640)
            .title(contest.work() + ": Lepton over its peers, medians of ratios by rounds")
            .yAxisTitle("times")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(14);
    for (Map.Entry<String, Map<String, Samples>> pair : contest.ratios().entrySet()) {
      List<Double> medians = new ArrayList<>();
      pair.getValue().values().forEach(ratio -> medians.add(ratio.median()));
      chart.addSeries(pair.getKey(), List.copyOf(pair.getValue().keySet()), medians);
    }
    BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
  }
}
