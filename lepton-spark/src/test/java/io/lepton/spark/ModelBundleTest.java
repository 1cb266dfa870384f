package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.ingest.Preprocessing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
  private static final TrainingJob JOB = Table.job(Table.WEIGHTED, 0.1, Table.options(3, 16, 2, 2));

  private static TrainingResult result;

  @TempDir private Path directory;

  private Path target;

  @BeforeAll
  static void train() {
    Dataset<Row> data = Table.of(Cluster.local(), Table.rows(64, 1, 1));
    result = Table.train(JOB, data, data);
  }

  @BeforeEach
  void chooseATarget() {
    target = directory.resolve("models/champion");
  }

  @Test
  void theManifestSumsEveryOtherFile() throws Exception {
    write("one", false);

    Map<String, String> expected = new HashMap<>();
    for (String file : files()) {
      if (!file.equals("MANIFEST.json")) {
        byte[] sum =
            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(target.resolve(file)));
        expected.put(file, HexFormat.of().formatHex(sum));
      }
    }
    Map<String, String> sums = new HashMap<>();
    json("MANIFEST.json")
        .get("sha256")
        .properties()
        .forEach(entry -> sums.put(entry.getKey(), entry.getValue().asText()));
    assertThat(sums).isEqualTo(expected);
    assertThat(expected)
        .containsKeys(
            "model/saved_model.pb",
            "model/variables/variables.index",
            "preprocessing.json",
            "metadata.json",
            "provenance.json");
  }

  @Test
  void aBundleTellsWhatItIsAndWhereItCameFrom() throws IOException {
    write("one", false);

    JsonNode metadata = json("metadata.json");
    assertThat(metadata.get("format").asInt()).isEqualTo(1);
    assertThat(metadata.get("name").asText()).isEqualTo("table");
    assertThat(metadata.get("parameters").asInt()).isEqualTo(4);
    assertThat(metadata.get("parameters_sha256").asText()).isEqualTo(result.parametersSha256());
    assertThat(metadata.get("epoch").asInt()).isEqualTo(result.best());
    assertThat(metadata.get("loss").asDouble()).isEqualTo(result.bestEpoch().loss());
    assertThat(metadata.get("metrics").get("mae").asDouble())
        .isEqualTo(result.bestEpoch().metrics().get("mae"));
    assertThat(Preprocessing.fromJson(Files.readString(target.resolve("preprocessing.json"))))
        .isEqualTo(result.preprocessing());
    assertThat(result.preprocessing().data().inputs().get(0).columns())
        .containsExactly("x0", "x1", "x2");
    assertThat(json("provenance.json").get("run").asText()).isEqualTo("one");
  }

  @Test
  void aBundleThatIsThereIsNotReplacedUnasked() throws IOException {
    write("one", false);

    assertThatThrownBy(() -> write("two", false))
        .isInstanceOf(IOException.class)
        .hasMessage(target + " must not exist, but does; set output.overwrite = true");

    assertThat(json("provenance.json").get("run").asText()).isEqualTo("one");
    assertNothingElseIsThere();
  }

  @Test
  void filesOfABundleHaveNoneOfChecksumsBesideThemButThoseOfOthersHave() throws IOException {
    FileSystem others = FileSystem.get(directory.toUri(), new Configuration());
    write("one", true);
    others.create(new org.apache.hadoop.fs.Path(directory.resolve("other").toUri())).close();

    assertThat(files()).noneMatch(it -> it.endsWith(".crc"));
    assertThat(directory.resolve(".other.crc")).exists();
  }

  @Test
  void aBundleIsReplacedAsAWhole() throws IOException {
    write("one", false);
    Files.writeString(target.resolve("stray"), "left by somebody");

    write("two", true);

    assertThat(json("provenance.json").get("run").asText()).isEqualTo("two");
    assertThat(target.resolve("stray")).doesNotExist();
    assertNothingElseIsThere();
  }

  @Test
  void aWriteThatFailsLeavesTheOldBundle() throws IOException {
    write("one", false);

    assertThatThrownBy(() -> write(new Object(), true)).isInstanceOf(IOException.class);

    assertThat(json("provenance.json").get("run").asText()).isEqualTo("one");
    assertNothingElseIsThere();
  }

  @Test
  void aMoveThatFailsLeavesTheOldBundle() throws IOException {
    write("one", false);
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.stuck.impl", StuckFileSystem.class, StuckFileSystem.class);

    assertThatThrownBy(
            () ->
                ModelBundle.write(
                    JOB, result, Map.of("run", "two"), "stuck://" + target, true, false, hadoop))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("could not move .*champion\\.incoming-.* to .*champion");

    assertThat(json("provenance.json").get("run").asText()).isEqualTo("one");
    assertNothingElseIsThere();
  }

  /** A local file system that does not move what is incoming. */
  public static final class StuckFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("stuck:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      return !from.getName().contains(".incoming-") && super.rename(from, to);
    }
  }

  private void write(Object run, boolean overwrite) throws IOException {
    ModelBundle.write(
        JOB, result, Map.of("run", run), target.toString(), overwrite, false, new Configuration());
  }

  private void assertNothingElseIsThere() throws IOException {
    try (Stream<Path> beside = Files.list(target.getParent())) {
      assertThat(beside).containsExactly(target);
    }
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(target.resolve(file).toFile());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> target.relativize(file).toString())
          .toList();
    }
  }
}
