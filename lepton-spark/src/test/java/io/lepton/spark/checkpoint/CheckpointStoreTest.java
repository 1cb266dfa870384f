package io.lepton.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.FlatVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  private static final String MANIFEST = "MANIFEST.json";

  @TempDir private Path directory;

  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = open(2, 1);
  }

  @Test
  void whatIsReadIsWhatWasWrittenBitForBit() throws IOException {
    Checkpoint written = Samples.checkpoint(12, 0.1 + 0.2);

    long bytes = store.write(written);

    CheckpointStore.Newest newest = store.newest();
    Checkpoint read = newest.checkpoint().orElseThrow();
    assertThat(newest.damaged()).isEmpty();
    assertThat(read.round()).isEqualTo(12);
    assertThat(read.score()).isEqualTo(0.1 + 0.2);
    assertThat(read.documents()).isEqualTo(written.documents());
    assertThat(read.vectors()).containsOnlyKeys("parameters", "residual.3");
    written
        .vectors()
        .forEach(
            (name, vector) ->
                assertThat(read.vector(name, vector.size()).bytes()).isEqualTo(vector.bytes()));
    assertThat(bytes).isEqualTo(sizes());
    assertThat(names(12))
        .containsExactlyInAnyOrder("parameters.bin", "residual.3.bin", "state.json", MANIFEST);
  }

  @Test
  void aDirectoryThatIsNotThereHoldsNone() throws IOException {
    store = CheckpointStore.open(Samples.options(directory.resolve("none"), 1, 0), hadoop());

    assertThat(store.newest().checkpoint()).isEmpty();
  }

  @Test
  void aVectorOfSeveralNamesIsWrittenOnce() throws IOException {
    FlatVector vector = Samples.vector(1);
    store.write(
        new Checkpoint(1, Double.NaN, Map.of(), Map.of("parameters", vector, "best", vector)));

    assertThat(names(1)).hasSize(2);
    Checkpoint read = store.newest().checkpoint().orElseThrow();
    assertThat(read.score()).isNaN();
    assertThat(read.vector("best", Samples.SIZE)).isSameAs(read.vector("parameters", Samples.SIZE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.bin", "residual.3.bin", "state.json", MANIFEST})
  void oneThatIsTornAnywhereIsNamedAndTheOneBeforeItIsTaken(String file) throws IOException {
    byte[] whole = write(1, 2, file);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(at(2).resolve(file), Arrays.copyOf(whole, length));

      assertNewestIs(1, file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.bin", "residual.3.bin", "state.json", MANIFEST})
  void oneWithAFlippedByteIsNamedAndTheOneBeforeItIsTaken(String file) throws IOException {
    byte[] whole = write(1, 2, file);
    int stride = Math.max(1, whole.length / 200);
    for (int at = 0; at < whole.length; at += stride) {
      byte[] flipped = whole.clone();
      flipped[at] = (byte) (flipped[at] ^ (Character.isWhitespace(flipped[at]) ? 0x40 : 1));
      Files.write(at(2).resolve(file), flipped);

      assertNewestIs(1, file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.bin", "residual.3.bin", "state.json"})
  void oneWithoutAFileIsNamedAndTheOneBeforeItIsTaken(String file) throws IOException {
    write(1, 2, file);
    Files.delete(at(2).resolve(file));

    assertNewestIs(1, file);
  }

  @Test
  void oneWithoutAManifestWasNeverWritten() throws IOException {
    write(1, 2, MANIFEST);
    Files.delete(at(2).resolve(MANIFEST));

    CheckpointStore.Newest newest = store.newest();

    assertThat(newest.damaged()).isEmpty();
    assertThat(newest.checkpoint().orElseThrow().round()).isEqualTo(1);
  }

  @Test
  void whereNoneIsWholeThereIsNoneAndEachIsNamed() throws IOException {
    write(1, 2, MANIFEST);
    Files.delete(at(1).resolve("state.json"));
    Files.delete(at(2).resolve("state.json"));

    assertThat(store.newest().checkpoint()).isEmpty();
    assertThat(store.newest().damaged())
        .containsExactly(
            at(2) + " is damaged: state.json is missing",
            at(1) + " is damaged: state.json is missing");
  }

  @Test
  void aNewerFormatIsRefusedByName() throws IOException {
    store.write(Samples.checkpoint(1, 0));
    Manifest newer = new Manifest(Manifest.FORMAT + 1, 2, 0, Map.of(), Map.of());
    Files.createDirectory(at(2));
    Files.writeString(at(2).resolve(MANIFEST), newer.toJson());

    assertThatThrownBy(store::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            at(2)
                + " has format 2, but this version of Lepton reads formats up to 1; use the newer"
                + " version, or set another checkpoints.directory");
  }

  @Test
  void theLastAndTheBestStay() throws IOException {
    double[] scores = {Double.NaN, 0.5, 0.9, Double.NaN, 0.7, Double.NaN, Double.NaN};
    for (int round = 1; round < scores.length; round++) {
      store.write(Samples.checkpoint(round, scores[round]));
    }
    assertThat(rounds()).containsExactly(2, 5, 6);

    store = open(1, 2);
    store.write(Samples.checkpoint(7, 0.6));
    assertThat(rounds()).containsExactly(2, 7);
  }

  @Test
  void ofEqualScoresTheNewestIsTheBest() throws IOException {
    store = open(1, 1);
    store.write(Samples.checkpoint(1, 0.5));
    store.write(Samples.checkpoint(2, 0.5));
    store.write(Samples.checkpoint(3, Double.NaN));

    assertThat(rounds()).containsExactly(2, 3);
  }

  @Test
  void tornOnesAndLaterRoundsOfAnAbandonedTrainingGoWithTheNextWrite() throws IOException {
    CheckpointStore all = open(9, 0);
    for (int round : new int[] {1, 2, 9}) {
      all.write(Samples.checkpoint(round, 0));
    }
    Files.createDirectory(at(8));
    Files.writeString(at(8).resolve("parameters.bin"), "torn");
    Files.delete(at(1).resolve("state.json"));
    Files.createDirectory(directory.resolve("of-somebody-else"));

    store.write(Samples.checkpoint(3, Double.NaN));

    assertThat(rounds()).containsExactly(2, 3);
    assertThat(directory.resolve("of-somebody-else")).exists();
  }

  @Test
  void aRoundIsWrittenAgainOverATornOne() throws IOException {
    write(1, 2, MANIFEST);
    Files.writeString(at(2).resolve("parameters.bin"), "torn");
    Files.writeString(at(2).resolve("left-over.bin"), "torn");

    store.write(Samples.checkpoint(2, Double.NaN));

    assertThat(store.newest().damaged()).isEmpty();
    assertThat(store.newest().checkpoint().orElseThrow().round()).isEqualTo(2);
    assertThat(names(2)).doesNotContain("left-over.bin");
  }

  @Test
  void aVectorOfAnotherModelIsRefused() {
    Checkpoint checkpoint = Samples.checkpoint(4, 0);

    assertThatThrownBy(() -> checkpoint.vector("parameters", 7))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint-00000004 must have 7 elements of 'parameters', but has 300000: it is of"
                + " another model; set another checkpoints.directory");
    assertThatThrownBy(() -> checkpoint.vector("average", 7))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("checkpoint-00000004 must have 'average', but has only [");
  }

  private byte[] write(int before, int round, String file) throws IOException {
    CheckpointStore all = open(9, 0);
    all.write(Samples.checkpoint(before, 0));
    all.write(Samples.checkpoint(round, 0));
    return Files.readAllBytes(at(round).resolve(file));
  }

  private void assertNewestIs(int round, String damaged) throws IOException {
    CheckpointStore.Newest newest = store.newest();
    assertThat(newest.checkpoint().orElseThrow().round()).isEqualTo(round);
    assertThat(newest.damaged())
        .singleElement()
        .asString()
        .startsWith(at(round + 1) + " is damaged: " + damaged);
  }

  private CheckpointStore open(int keepLast, int keepBest) throws IOException {
    return CheckpointStore.open(Samples.options(directory, keepLast, keepBest), hadoop());
  }

  private Path at(int round) {
    return directory.resolve(Checkpoint.name(round));
  }

  private List<Integer> rounds() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("checkpoint-"))
          .map(name -> Integer.parseInt(name.substring("checkpoint-".length())))
          .sorted()
          .toList();
    }
  }

  private List<String> names(int round) throws IOException {
    try (Stream<Path> found = Files.list(at(round))) {
      return found.map(path -> path.getFileName().toString()).toList();
    }
  }

  private long sizes() throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
  }

  private static Configuration hadoop() {
    return new Configuration();
  }
}
