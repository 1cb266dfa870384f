package io.lepton.jobs.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.LeptonSpark;
import io.lepton.spark.evaluation.ClassDetails;
import io.lepton.spark.evaluation.ClassEvaluation;
import io.lepton.spark.evaluation.ClassOptions;
import io.lepton.spark.evaluation.EvaluationOptions;
import io.lepton.spark.evaluation.MaskEvaluation;
import io.lepton.spark.evaluation.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationPicturesTest {
  @TempDir private Path directory;

  @Test
  void everyPictureIsThereForTheEyeAndForPrint() throws IOException {
    for (int classes : List.of(2, 10, 25)) {
      Path pictures = directory.resolve("of-" + classes);
      List<Path> files = EvaluationPictures.write(details(classes), pictures);

      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactly(
              "confusion.png",
              "confusion.svg",
              "roc.png",
              "roc.svg",
              "precision-recall.png",
              "precision-recall.svg",
              "reliability.png",
              "reliability.svg");
      for (Path file : files) {
        if (file.toString().endsWith(".png")) {
          assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(1200);
        } else {
          assertThat(Files.readString(file)).contains("<svg");
          assertThat(Files.readString(file).contains("<image"))
              .as("pixels in " + file)
              .isEqualTo(classes > 20 && file.endsWith("confusion.svg"));
        }
      }
    }
  }

  @Test
  void ofMasksThereIsTheConfusionOfTheirPixels() throws IOException {
    ClassDetails details = maskDetails();
    List<Path> files = EvaluationPictures.write(details, directory.resolve("masks"));

    assertThat(details.confusion()).containsExactly(List.of(1000.0, 1000.0), List.of(0.0, 1000.0));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("confusion.png", "confusion.svg");
    assertThat(Files.readString(files.get(1))).contains("<svg");
    assertThat(ImageIO.read(files.get(0).toFile()).getWidth()).isGreaterThan(1200);
  }

  private static ClassDetails maskDetails() throws IOException {
    StructType schema =
        new StructType()
            .add("given", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("mask", DataTypes.createArrayType(DataTypes.IntegerType));
    List<Row> rows =
        Collections.nCopies(1000, RowFactory.create(List.of(0, 1, 1), List.of(0, 0, 1)));
    try (SparkSession spark = spark()) {
      return new MaskEvaluation(2, EvaluationOptions.PLAIN)
          .evaluate(spark.createDataFrame(rows, schema), "given", "mask")
          .details()
          .orElseThrow();
    }
  }

  private static SparkSession spark() {
    return LeptonSpark.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  private static ClassDetails details(int classes) throws IOException {
    try (SparkSession spark = spark()) {
      Random random = new Random(classes);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        int label = random.nextInt(classes);
        List<Double> logits = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
          logits.add(
              1.5 * random.nextGaussian()
                  + (c == label ? 1 + 0.3 * label : 0)
                  + (c == (label ^ 1) ? 1 : 0));
        }
        rows.add(RowFactory.create((double) label, logits));
      }
      StructType schema =
          new StructType()
              .add("label", DataTypes.DoubleType)
              .add("scores", DataTypes.createArrayType(DataTypes.DoubleType));
      return new ClassEvaluation(
              classes, Scores.LOGITS, ClassOptions.DEFAULT, EvaluationOptions.PLAIN)
          .evaluate(spark.createDataFrame(rows, schema), "scores", "label")
          .details()
          .orElseThrow();
    }
  }
}
