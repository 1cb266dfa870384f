package io.lepton.spark.predict;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.StopRequest;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.Bundles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventTimeTest {
  private static final String HEADER = "id,a,b,c,at\n";
  private static final Instant NOW = Instant.now();

  @TempDir private static Path shared;

  private static String bundle;

  @TempDir private Path directory;

  private SparkSession spark;
  private StreamFiles files;
  private int written;

  @BeforeAll
  static void train() throws IOException {
    bundle = Bundles.table(Cluster.local(), shared);
  }

  @BeforeEach
  void begin() throws IOException {
    spark = Cluster.local();
    files = StreamFiles.in(directory);
  }

  @Test
  void rowsOlderThanTheWatermarkAreRefusedAlsoByTheNextRun() throws Exception {
    come(row(1, "2024-05-01T12:00:00Z"), row(2, "2024-05-01T12:20:00Z"));
    come(
        row(3, "2024-05-01T12:25:00Z"),
        row(4, "2024-05-01T12:10:00Z"),
        row(5, "2024-05-01T12:09:59Z"),
        row(6, ""));

    StreamReport first = run("at");

    assertThat(first.all()).isEqualTo(new PredictionReport(6, 4, 2));
    assertThat(scored()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    assertThat(reasons())
        .containsOnlyKeys(5L, 6L)
        .containsEntry(
            5L,
            "column 'at' must be at the watermark, 2024-05-01 12:10:00, or later, but was 2024-05-01 12:09:59")
        .containsEntry(6L, "column 'at' must be a time, but is null");

    come(row(7, "2024-05-01T12:15:00Z"), row(8, "2024-05-01T12:14:59Z"));
    StreamReport second = run("at");

    assertThat(second.all()).as("%s", reasons()).isEqualTo(new PredictionReport(2, 1, 1));
    assertThat(scored()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 7L);
    assertThat(reasons()).containsOnlyKeys(5L, 6L, 8L);
  }

  @Test
  void aBatchThatIsDoneAgainRefusesTheSameRows() throws Exception {
    come(row(1, "2024-05-01T12:20:00Z"));
    come(row(2, "2024-05-01T12:40:00Z"), row(3, "2024-05-01T12:09:00Z"));
    run("at");
    Map<Long, String> refused = reasons();
    files.undo(1);

    StreamReport again = run("at");

    assertThat(again.all()).isEqualTo(new PredictionReport(2, 1, 1));
    assertThat(reasons()).isEqualTo(refused).containsOnlyKeys(3L);
    assertThat(scored()).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aTimeOfTheFutureMovesTheWatermarkToNowAtMost() throws Exception {
    come(row(1, "2999-01-01T00:00:00Z"));
    come(row(2, NOW.toString()), row(3, NOW.minusSeconds(3600).toString()));

    run("at");

    assertThat(scored()).containsExactlyInAnyOrder(1L, 2L);
    assertThat(reasons()).containsOnlyKeys(3L);
  }

  @Test
  void textThatIsNoRowIsToldAsSuchWhateverItsTime() throws Exception {
    come(row(1, "2024-05-01T12:20:00Z"));
    come("2,much,0.5,1,2024-05-01T10:00:00Z\n", "3,1,0.5,1,yesterday\n");

    run("at");

    assertThat(reasons().values()).hasSize(2).allMatch(it -> it.startsWith("the text must be"));
  }

  @Test
  void percentilesCountFromArrivalAndFromTheEventUntilRowsAreThere() throws Exception {
    String event = row(0, NOW.minus(Duration.ofHours(2)).toString());
    files.come(0, NOW.minus(Duration.ofHours(3)), HEADER + event.repeat(10));
    files.come(1, NOW.minus(Duration.ofHours(1)), HEADER + event.repeat(30));

    StreamReport report = run("at");

    double took = (Instant.now().toEpochMilli() - NOW.toEpochMilli()) / 1e3;
    near(report.sinceArrival().p50(), 3600, took);
    near(report.sinceArrival().p99(), 3 * 3600, took);
    near(report.sinceArrival().max(), 3 * 3600, took);
    near(report.sinceEvent().orElseThrow().p50(), 2 * 3600, took);
    near(report.sinceEvent().orElseThrow().max(), 2 * 3600, took);
    assertThat(report.sinceBegin().max()).isBetween(report.sinceBegin().p50(), took);
  }

  @Test
  void aColumnThatIsNoTimeIsRefused() throws Exception {
    come(row(1, "2024-05-01T12:00:00Z"));

    assertThatThrownBy(() -> run("c"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(
            "stream.event-time.column must be a timestamp of the rows, but 'c' is int;");
    assertThatThrownBy(() -> run("then"))
        .hasMessageContaining("but 'then' is not among id, a, b, c, at,");
  }

  /** Older than at NOW by what it took at most, and rounded up to four digits. */
  private static void near(double seconds, double then, double took) {
    assertThat(seconds).isBetween(then, (then + took) * 1.001);
  }

  private static String row(int id, String at) {
    return "%d,1.5,0.5,2,%s%n".formatted(id, at);
  }

  private void come(String... rows) throws IOException {
    files.come(written, NOW.plusSeconds(written), HEADER + String.join("", rows));
    written++;
  }

  private StreamReport run(String column) throws Exception {
    return files
        .prediction(
            new FileStream(files.table("id bigint, a double, b float, c int, at timestamp"), 1),
            new ModelAlias(bundle),
            Optional.of(new EventTime(column, Duration.ofMinutes(10))))
        .run(spark, new StopRequest(), batch -> {});
  }

  private List<Long> scored() {
    return spark.read().parquet(files.output().toString()).select("id").collectAsList().stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  private Map<Long, String> reasons() {
    return spark.read().parquet(files.quarantine().toString()).collectAsList().stream()
        .collect(toMap(row -> row.<Long>getAs("id"), row -> row.<String>getAs("reason")));
  }
}
