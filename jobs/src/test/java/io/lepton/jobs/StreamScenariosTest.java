package io.lepton.jobs;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of real data out of {@code ../shared/data}. */
class StreamScenariosTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path CONFIGURATIONS = Path.of("src", "test", "resources", "data-sets");

  @TempDir private Path directory;

  private StreamJob job;

  @Test
  void framesOfAStreetComeBackAsTheAutoEncoderSeesThem() throws Exception {
    job = StreamJob.ofFiles(directory, directory.resolve("model"), "parquet");
    try (SparkSession spark = RealData.spark()) {
      Dataset<Row> frames =
          spark
              .read()
              .parquet(RealData.path("street_video", "test.parquet"))
              .withColumn("taken", col("frame").divide(7).plus(1.7e9).cast("timestamp"))
              .cache();
      for (int file = 0; file < 6; file++) {
        int first = 500 + 50 * file;
        come(file, frames.filter(col("frame").between(first, first + 49)));
      }
      Dataset<Row> last = frames.filter("frame = 794");
      come(6, last.selectExpr("9001 frame", "substr(png, 1, 40) png", "label", "taken"));
      come(7, last.selectExpr("9002 frame", "png", "label", "taken - interval 1 minute taken"));
    }
    train("street_video", "model", 7);

    CommandRun run =
        job.run(
            "--batch=1",
            "--until-idle",
            "--set=stream.event-time { column = taken, lateness = 10 seconds }");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("scored").asInt()).isEqualTo(295);
    assertThat(run.json().get("quarantined").asInt()).isEqualTo(2);
    assertThat(run.json().get("event_latency_seconds").get("p50").asDouble()).isPositive();
    try (SparkSession spark = RealData.spark()) {
      List<Row> scored = spark.read().parquet(job.output().toString()).collectAsList();
      assertThat(scored.stream().map(row -> row.<Integer>getAs("frame")).distinct()).hasSize(295);
      for (Row row : scored) {
        assertThat(difference(row)).as("frame %s", row.<Integer>getAs("frame")).isLessThan(30);
      }
      assertThat(
              spark
                  .read()
                  .parquet(job.quarantine().toString())
                  .select("frame", "reason")
                  .orderBy("frame")
                  .collectAsList())
          .satisfiesExactly(
              row -> assertThat(row.getString(1)).startsWith("column 'png': "),
              row -> assertThat(row.getString(1)).contains("must be at the watermark, "));
    }
  }

  @Test
  void anomaliesOfAShuttleAreFoundAcrossASwapOfTheModel() throws Exception {
    List<String> lines;
    try (SparkSession spark = RealData.spark()) {
      lines =
          spark
              .read()
              .parquet(RealData.path("shuttle_anomaly", "test.parquet"))
              .drop("features")
              .selectExpr("monotonically_increasing_id() id", "*")
              .toJSON()
              .collectAsList();
    }
    Path first = train("shuttle_anomaly", "first", 7);
    Path second = train("shuttle_anomaly", "second", 8);
    Path alias = Files.writeString(directory.resolve("champion"), first + "\n");
    job = StreamJob.ofFiles(directory, alias, "json");
    int half = lines.size() / 2;
    try (JavaProcess process = job.start("--batch=1", "--schema=" + schema())) {
      come("a.json", lines.subList(0, half));
      process.await("{\"batch\":0,", PATIENCE);
      Path next = Files.writeString(directory.resolve("next"), second + "\n");
      Files.move(next, alias, StandardCopyOption.REPLACE_EXISTING);
      come("b.json", lines.subList(half, lines.size()));
      come("c.json", List.of("{\"id\": -1, \"f1\": \"many\"}", "{\"id\": -2, \"f1\": 1}", "?"));
      process.await("\"quarantined\":3,", PATIENCE);
      process.signal("TERM");
      assertThat(process.ends(PATIENCE)).as(process.err()).isEqualTo(5);
    }
    JsonNode result = job.result();
    assertThat(result.get("swaps").asInt()).isEqualTo(1);
    assertThat(result.get("model_loads").asInt()).isEqualTo(2);
    assertThat(result.get("scored").asInt()).isEqualTo(lines.size());
    assertThat(result.get("quarantined").asInt()).isEqualTo(3);
    try (SparkSession spark = RealData.spark()) {
      List<Row> scored =
          spark
              .read()
              .parquet(job.output().toString())
              .select("id", "label", "prediction", "model_version", "batch")
              .collectAsList();
      assertThat(scored.stream().map(row -> row.getLong(0)).distinct()).hasSize(lines.size());
      Map<String, Set<Boolean>> found =
          scored.stream()
              .filter(row -> row.getInt(1) == 1)
              .collect(
                  groupingBy(
                      row -> row.getString(3), mapping(row -> row.getDouble(2) == 1, toSet())));
      assertThat(found).hasSize(2).allSatisfy((version, each) -> assertThat(each).contains(true));
      long right = scored.stream().filter(row -> row.getInt(1) == row.getDouble(2)).count();
      assertThat(right).isGreaterThan(Math.round(0.97 * lines.size()));
    }
  }

  private static String schema() {
    StringBuilder schema = new StringBuilder("id bigint");
    for (int i = 1; i <= 9; i++) {
      schema.append(", f").append(i).append(" double");
    }
    return schema.append(", label int").toString();
  }

  /** Mean difference of the pixels of a frame, as Java decodes it, from those given back. */
  private static double difference(Row row) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(row.<byte[]>getAs("png")));
    int[] pixels =
        image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    List<Double> back = row.getList(row.fieldIndex("prediction"));
    assertThat(back).hasSize(pixels.length);
    double sum = 0;
    for (int i = 0; i < pixels.length; i++) {
      sum += Math.abs(pixels[i] - back.get(i));
    }
    return sum / pixels.length;
  }

  private Path train(String name, String to, int seed) {
    Path model = directory.resolve(to);
    CommandRun training =
        CommandRun.of(
            List.of(
                "train",
                CONFIGURATIONS.resolve(name + ".conf").toString(),
                "--set=" + RealData.set("data.train", name, "train.parquet"),
                "--set=" + RealData.set("data.validation", name, "test.parquet"),
                "--set=seed=" + seed,
                "--set=output.model=\"" + model + "\"",
                "--run-dir=" + directory.resolve("run"),
                "--master=local[2]"));
    assertThat(training.code()).as(training.err()).isZero();
    return model;
  }

  /** A file of rows, each later than the ones before. */
  private void come(int file, Dataset<Row> rows) throws IOException {
    Path written = directory.resolve("written-" + file);
    rows.coalesce(1).write().parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      Path part = files.filter(it -> it.toString().endsWith(".parquet")).findFirst().orElseThrow();
      job.come(part, file + ".parquet");
    }
  }

  private void come(String name, List<String> lines) throws IOException {
    job.come(name, String.join("\n", lines));
  }
}
