package io.lepton.jobs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model, rows and scores on HDFS, scored by two workers of a standalone cluster. */
@Tag("chaos")
class HdfsPredictTest {
  private static final Duration TIME = Duration.ofMinutes(4);

  @TempDir private Path directory;

  private MiniDFSCluster hdfs;
  private FileSystem files;

  @BeforeEach
  void start() throws IOException {
    Path place = Files.createDirectories(directory.resolve("hdfs"));
    hdfs = new MiniDFSCluster.Builder(new Configuration(), place.toFile()).build();
    hdfs.waitActive();
    files = hdfs.getFileSystem();
  }

  @AfterEach
  void stop() {
    hdfs.shutdown();
  }

  @Test
  void rowsAreScoredThereAndKeepTheirPartitions() throws Exception {
    CommandRun training =
        SmallJob.in(directory).run("train", "--set=output.model=\"" + uri("/model") + "\"");
    assertThat(training.code()).as(training.err()).isZero();
    writeDays();
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 2, Map.of())) {
      JsonNode result = predict(cluster);

      assertThat(result.get("rows").asInt()).isEqualTo(200);
      assertThat(result.get("quarantined").asInt()).isEqualTo(3);
      assertThat(result.get("quarantine").asText()).isEqualTo(uri("/scored-quarantine"));
    }
    assertThat(names("/")).containsExactly("days", "model", "scored", "scored-quarantine");
    assertThat(directories("/scored")).isEqualTo(directories("/days")).hasSize(7);
    everyRowIsThereWithTheScoresOfTheLocalDisk();
  }

  private void writeDays() throws IOException {
    try (SparkSession spark = spark()) {
      spark
          .read()
          .option("header", "true")
          .option("inferSchema", "true")
          .csv(directory.resolve("data.csv").toString())
          .selectExpr(
              "monotonically_increasing_id() as id",
              "a",
              "if(monotonically_increasing_id() < 3, null, b) as b",
              "date_add(date'2024-02-28', cast(a as int)) as day",
              "a % 2 as odd")
          .write()
          .partitionBy("day", "odd")
          .parquet(uri("/days"));
    }
  }

  private JsonNode predict(StandaloneCluster cluster) throws Exception {
    List<String> options =
        new ArrayList<>(StandaloneCluster.options(ClusterJob.on(cluster, directory).settings()));
    options.add("-Xmx1g");
    Path run = directory.resolve("run-of-predict");
    try (JavaProcess driver =
        JavaProcess.start(
            options,
            Lepton.class,
            List.of(
                "predict",
                "--model=" + uri("/model"),
                "--data=" + uri("/days"),
                "--format=parquet",
                "--output=" + uri("/scored"),
                "--run-dir=" + run,
                "--master=" + cluster.url()),
            directory.resolve("predict.out"))) {
      assertThat(driver.ends(TIME)).as(driver.err()).isZero();
    }
    return new ObjectMapper().readTree(run.resolve("result.json").toFile());
  }

  private void everyRowIsThereWithTheScoresOfTheLocalDisk() throws IOException {
    Path local = directory.resolve("local");
    try (SparkSession spark = spark()) {
      spark.read().parquet(uri("/days")).coalesce(1).write().parquet(local + "-days");
    }
    CommandRun run =
        CommandRun.of(
            List.of(
                "predict",
                "--model=" + uri("/model"),
                "--data=" + local + "-days",
                "--format=parquet",
                "--output=" + local,
                "--run-dir=" + directory.resolve("run-of-local"),
                "--master=local[2]"));
    assertThat(run.code()).as(run.err()).isZero();
    Map<Long, Double> expected = probabilities(local.toString());
    Map<Long, Double> found = probabilities(uri("/scored"));
    assertThat(found).hasSize(197).containsOnlyKeys(expected.keySet());
    found.forEach(
        (id, probability) -> assertThat(probability).isCloseTo(expected.get(id), within(1e-6)));
  }

  private static Map<Long, Double> probabilities(String path) throws IOException {
    try (SparkSession spark = spark()) {
      return spark.read().parquet(path).collectAsList().stream()
          .collect(toMap(row -> row.<Long>getAs("id"), HdfsPredictTest::probability));
    }
  }

  private static double probability(Row row) {
    return row.<Double>getList(row.fieldIndex("probability")).get(1);
  }

  private String uri(String path) {
    return hdfs.getURI() + path;
  }

  private List<String> names(String path) throws IOException {
    return Arrays.stream(files.listStatus(new org.apache.hadoop.fs.Path(path)))
        .map(FileStatus::getPath)
        .map(org.apache.hadoop.fs.Path::getName)
        .sorted()
        .toList();
  }

  /** Those that hold Parquet files, by their paths below. */
  private Set<String> directories(String root) throws IOException {
    Set<String> found = new TreeSet<>();
    RemoteIterator<LocatedFileStatus> all =
        files.listFiles(new org.apache.hadoop.fs.Path(root), true);
    while (all.hasNext()) {
      org.apache.hadoop.fs.Path file = all.next().getPath();
      if (file.getName().endsWith(".parquet")) {
        found.add(file.getParent().toUri().getPath().substring(root.length()));
      }
    }
    return found;
  }

  private static SparkSession spark() {
    return LeptonSpark.builder().master("local[2]").getOrCreate();
  }
}
