package io.lepton.jobs.pictures;

import io.lepton.spark.evaluation.ClassDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Draws what people would rather look at; no display is needed. */
public final class EvaluationPictures {
  private static final int DOTS_PER_INCH = 144;

  private EvaluationPictures() {}

  /**
   * Draws confusion, curves and reliability, those of them that there are, each as PNG and SVG.
   *
   * @return the files
   */
  public static List<Path> write(ClassDetails details, Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Path> files = new ArrayList<>();
    save(ConfusionPicture.of(details.confusion()), directory.resolve("confusion"), files);
    boolean curves = details.curves().stream().anyMatch(curve -> Double.isFinite(curve.area()));
    if (curves) {
      save(CurvePictures.roc(details.curves()), directory.resolve("roc"), files);
      save(CurvePictures.precision(details.curves()), directory.resolve("precision-recall"), files);
    }
    if (!details.reliability().bins().isEmpty()) {
      save(
          ReliabilityPicture.of(details.reliability(), details.classes().size() == 2),
          directory.resolve("reliability"),
          files);
    }
    return List.copyOf(files);
  }

  private static void save(Chart<?, ?> chart, Path file, List<Path> files) throws IOException {
    String name = file.toString();
    VectorGraphicsEncoder.saveVectorGraphic(chart, name, VectorGraphicsFormat.SVG);
    BitmapEncoder.saveBitmapWithDPI(chart, name, BitmapFormat.PNG, DOTS_PER_INCH);
    files.add(Path.of(name + ".png"));
    files.add(Path.of(name + ".svg"));
  }
}
