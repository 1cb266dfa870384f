package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContestPictureTest {
  @TempDir private Path directory;

  @Test
  void thereIsAPictureForEachSideOfLepton() throws IOException {
    ContestPicture.write(new Contest(Work.W1, ContestTest.samples()), directory);

    assertThat(directory).isDirectoryContaining("glob:**W1-lepton.png");
    assertThat(ImageIO.read(directory.resolve("W1-lepton-low.png").toFile()).getWidth())
        .isEqualTo(2120);
  }
}
