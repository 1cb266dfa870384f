package io.lepton.jobs.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How all pictures look. */
final class PictureStyle {
  /** Colours that also the colour-blind tell apart (Okabe and Ito, 2008). */
  static final Color[] COLOURS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x000000),
    new Color(0x8C6D31)
  };

  static final Color REFERENCE = new Color(0x757575);

  private static final Color GRID = new Color(0xDDDDDD);
  private static final Color INK = new Color(0x222222);
  private static final BasicStroke DASHES =
      new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 5}, 0);

  private PictureStyle() {}

  static Font font(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  static void apply(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderColor(GRID);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(font(18).deriveFont(Font.BOLD));
    styler.setAxisTitleFont(font(15));
    styler.setAxisTickLabelsFont(font(13));
    styler.setLegendFont(font(13));
    styler.setLegendBorderColor(GRID);
    styler.setChartPadding(20);
    styler.setChartTitlePadding(14);
    styler.setAxisTitlePadding(14);
    styler.setAxisTicksLineVisible(false);
    styler.setAxisTicksMarksVisible(false);
    styler.setAntiAlias(true);
  }

  /** A chart of shares over shares. */
  static XYChart shares(String title, String across, String up, LegendPosition legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(legend == LegendPosition.OutsideE ? 1060 : 820)
            .height(760)
            .title(title)
            .xAxisTitle(across)
            .yAxisTitle(up)
            .build();
    apply(chart.getStyler());
    chart.getStyler().setLegendPosition(legend);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisDecimalPattern("0.0").setYAxisDecimalPattern("0.0");
    chart.getStyler().setXAxisTickMarkSpacingHint(70).setYAxisTickMarkSpacingHint(70);
    return chart;
  }

  static void line(XYChart chart, String name, double[] across, double[] up, Color colour) {
    XYSeries series = chart.addSeries(name, across, up);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(colour);
    series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  /** What the others are to be compared with. */
  static void reference(XYChart chart, String name, double[] across, double[] up) {
    line(chart, name, across, up, REFERENCE);
    chart.getSeriesMap().get(name).setLineStyle(DASHES);
  }
}
