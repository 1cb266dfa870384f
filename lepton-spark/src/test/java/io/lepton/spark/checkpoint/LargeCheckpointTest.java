package io.lepton.spark.checkpoint;

import io.lepton.spark.exchange.LargeVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("chaos")
class LargeCheckpointTest {
  @TempDir private Path directory;

  @Test
  void vectorsOfMoreThanTwoGibibytesAreWrittenAndRead() throws IOException {
    CheckpointStore store =
        CheckpointStore.open(Samples.options(directory, 1, 0), new Configuration());
    store.write(new Checkpoint(1, 0, Map.of(), Map.of("parameters", LargeVector.make())));

    Checkpoint read = store.newest().checkpoint().orElseThrow();

    LargeVector.assertIs(read.vector("parameters", LargeVector.SIZE), 1);
  }
}
