package io.lepton.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
   * Draws one for each side of Lepton; no display is needed.
   *
   * @param directory of the files, which are called as the work and the side
   */
  static void write(Contest contest, Path directory) throws IOException {
    for (String side : contest.leptons()) {
      write(contest, side, directory.resolve(contest.work() + "-" + side));
    }
  }

  private static void write(Contest contest, String side, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1060)
            .height(640)
            .title(contest.work() + ": " + side + " over its peers, medians of ratios by rounds")
            .yAxisTitle("times")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotContentSize(0.9);
    chart.getStyler().setyAxisTickLabelsFormattingFunction(ContestPicture::times);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(14);
    contest
        .ratios()
        .forEach(
            (pair, ratios) -> {
              if (pair.startsWith(side + " / ")) {
                List<Double> medians =
                    ratios.values().stream().map(ratio -> Math.log10(ratio.median())).toList();
                chart.addSeries(pair, List.copyOf(ratios.keySet()), medians);
              }
            });
    if (!chart.getSeriesMap().isEmpty()) {
      BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
    }
  }

  /** The chart's own logarithmic axis has labels at powers of ten only. */
  private static String times(double logarithm) {
    return ResultTable.number(Math.pow(10, logarithm));
  }
}
