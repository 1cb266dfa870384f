package io.lepton.tf.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.tf.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFuzzTest {
  private static final int FLIPS = 60;

  @TempDir private Path temporary;

  private final Random random = new Random(20);

  @Test
  void whateverIsDamagedTheReaderSaysSoOrScoresAsBefore() throws IOException {
    Path directory = GoldenBundle.copy(temporary.resolve("bundle"));
    int refused = 0;
    for (String file : GoldenBundle.files()) {
      byte[] good = Files.readAllBytes(directory.resolve(file));
      for (int i = 0; i < FLIPS; i++) {
        Files.write(directory.resolve(file), damaged(good));
        refused += isRefused(directory) ? 1 : 0;
      }
      Files.write(directory.resolve(file), good);
    }
    assertThat(isRefused(directory)).isFalse();
    assertThat(refused).isGreaterThan(GoldenBundle.files().size() * FLIPS * 9 / 10);
  }

  @Test
  void whatIsDamagedBeforeItIsSummedIsRefusedOrStillAModel() throws IOException {
    Path directory = GoldenBundle.copy(temporary.resolve("bundle"));
    for (String file : GoldenBundle.files()) {
      if (file.equals(BundleManifest.FILE)) {
        continue;
      }
      byte[] good = Files.readAllBytes(directory.resolve(file));
      for (int i = 0; i < FLIPS; i++) {
        Files.write(directory.resolve(file), damaged(good));
        Files.delete(directory.resolve(BundleManifest.FILE));
        BundleManifest.write(directory);
        scoreAnyhow(directory);
      }
      Files.write(directory.resolve(file), good);
    }
  }

  /** Some bytes changed, or the end cut off. */
  private byte[] damaged(byte[] good) {
    if (random.nextInt(4) == 0) {
      return java.util.Arrays.copyOf(good, random.nextInt(good.length));
    }
    byte[] bad = good.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bad;
  }

  private static boolean isRefused(Path directory) throws IOException {
    try (Scorer scorer = new Scorer(Bundle.open(directory), SessionOptions.SINGLE_THREAD)) {
      assertThat(scorer.score(GoldenBundle.ROWS).values("logits"))
          .containsExactly(GoldenBundle.LOGITS, org.assertj.core.data.Offset.offset(1e-6f));
      return false;
    } catch (BundleException e) {
      assertThat(e).hasMessageContaining("bundle ");
      return true;
    }
  }

  /** A graph that was changed on purpose may compute something else, but only by rule. */
  private static void scoreAnyhow(Path directory) throws IOException {
    try (Scorer scorer = new Scorer(Bundle.open(directory), SessionOptions.SINGLE_THREAD)) {
      scorer.score(GoldenBundle.ROWS);
    } catch (BundleException | IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
