package io.lepton.jobs;

import static io.lepton.jobs.ClusterJob.assertSame;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose processes prove who they are and encrypt what they send and store. */
@Tag("chaos")
class EncryptedClusterTest {
  private static final Map<String, String> SECRET =
      Map.of(
          "spark.authenticate", "true",
          "spark.authenticate.secret", "only known here",
          "spark.network.crypto.enabled", "true",
          "spark.network.crypto.cipher", "AES/CTR/NoPadding",
          "spark.io.encryption.enabled", "true");

  @TempDir private Path directory;

  @Test
  void aTrainingWithAuthenticationAndEncryptionHasTheSameBits() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 2, SECRET)) {
      ClusterJob job = ClusterJob.on(cluster, directory).with(SECRET);

      assertSame(job.result(), ClusterJob.undisturbed(directory));
    }
  }
}
