package io.lepton.jobs.pictures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** What examples of each class were given, as shares of the class. */
final class ConfusionPicture {
  private static final int MOST_WITH_NUMBERS = 20;

  /** From white to a blue that black letters can be read on. */
  private static final Color[] BLUES = {
    Color.WHITE, new Color(0xDEEBF7), new Color(0x9ECAE1), new Color(0x5BA3D0)
  };

  private ConfusionPicture() {}

  static HeatMapChart of(List<List<Double>> confusion) {
    int classes = confusion.size();
    boolean hasNumbers = classes <= MOST_WITH_NUMBERS;
    int side = Math.min(1400, Math.max(720, 260 + 62 * classes));
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(hasNumbers ? side + 40 : side + 140)
            .height(side)
            .title("Confusion, shares of each class in percent")
            .xAxisTitle("class given")
            .yAxisTitle("true class (its weight)")
            .build();
    PictureStyle.apply(chart.getStyler());
    chart.getStyler().setPlotGridLinesVisible(false);
    chart.getStyler().setPlotContentSize(1);
    chart.getStyler().setRangeColors(BLUES).setMin(0).setMax(100);
    chart.getStyler().setHeatMapValueDecimalPattern("0.#");
    chart.getStyler().setShowValue(hasNumbers);
    chart.getStyler().setLegendVisible(!hasNumbers);
    chart.getStyler().setValueFont(PictureStyle.font(classes <= 12 ? 14 : 11));
    chart.getStyler().setValueFontColor(Color.BLACK);
    chart.getStyler().setDrawBorder(hasNumbers);
    List<String> given = IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    List<String> labels = new ArrayList<>();
    List<Number[]> cells = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      List<Double> row = confusion.get(label);
      double weight = row.stream().mapToDouble(it -> it).sum();
      labels.add(String.format(Locale.ROOT, "%d (%,.0f)", label, weight));
      for (int c = 0; c < classes; c++) {
        double share = weight > 0 ? Math.rint(1000 * row.get(c) / weight) / 10 : 0;
        cells.add(new Number[] {c, classes - 1 - label, share});
      }
    }
    Collections.reverse(labels);
    chart.addSeries("percent", given, labels, cells);
    return chart;
  }
}
